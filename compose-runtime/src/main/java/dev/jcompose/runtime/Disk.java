package dev.jcompose.runtime;

import dev.jcompose.runtime.Backend.WaitListener;
import java.util.List;

/** What a backend keeps on disk, and what of it nobody needs. */
public interface Disk {
    /** What each kind of thing takes. */
    List<Part> usage();

    /** Removes anonymous volumes that no container uses and returns their names; waits for commands that use their projects. */
    List<String> pruneVolumes(WaitListener waiting) throws InterruptedException;

    /** Forgets what build steps made, and returns how many steps there were. */
    int pruneBuildCache();

    /**
     * What one kind of thing takes.
     *
     * @param kind as {@code system df} calls it
     * @param active how many of them are in use
     * @param reclaimable bytes of those that are not
     */
    record Part(String kind, int total, int active, long size, long reclaimable) {}
}
