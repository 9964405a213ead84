package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.cgroup.CgroupLayout;
import dev.jcompose.runtime.linux.shim.DurableFile;
import dev.jcompose.runtime.linux.shim.LockFile;
import dev.jcompose.runtime.linux.shim.NativeLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A place for one running build step, taken by a lock: its number makes its address, its control group and its directory
 * {@code RUN/build/<number>}. What a killed command has left in one goes when it is taken again.
 */
final class BuildSlot implements AutoCloseable {
    /** The project name of build steps in control groups; no project can be called so. */
    static final String PROJECT = ".build";

    private static final int MOST = 200;
    private static final Set<Path> OURS = new HashSet<>();

    private final int number;
    private final Path directory;
    private final LockFile lock;

    private BuildSlot(int number, Path directory, LockFile lock) {
        this.number = number;
        this.directory = directory;
        this.lock = lock;
    }

    /** The first free place. */
    static BuildSlot take(NativeLayout layout, CgroupLayout cgroups) {
        for (int number = 0; number < MOST; number++) {
            var slot = tryTake(layout, number);
            if (slot.isPresent()) {
                slot.get().clear(cgroups);
                FileTrees.createPrivate(slot.get().directory);
                FileTrees.createIn(slot.get().merged());
                return slot.get();
            }
        }
        throw new BackendException("more than " + MOST + " build steps run at once: wait until some are done");
    }

    /** Clears away what killed builds have left. */
    static void clearRemains(NativeLayout layout, CgroupLayout cgroups) {
        if (!Files.isDirectory(home(layout))) {
            return;
        }
        try (var entries = Files.list(home(layout))) {
            var left = entries.map(entry -> String.valueOf(entry.getFileName()))
                    .filter(name -> name.matches("[0-9]{1,3}"))
                    .toList();
            for (var name : left) {
                tryTake(layout, Integer.parseInt(name)).ifPresent(slot -> {
                    slot.clear(cgroups);
                    slot.unlock();
                });
            }
        } catch (IOException e) {
            throw new BackendException("cannot list " + home(layout) + ": " + DurableFile.reason(e), e);
        }
    }

    private static Path home(NativeLayout layout) {
        return layout.run().resolve("build");
    }

    private static Optional<BuildSlot> tryTake(NativeLayout layout, int number) {
        var directory = home(layout).resolve(Integer.toString(number));
        synchronized (OURS) { // a process has a file's lock as a whole
            if (OURS.contains(directory)) {
                return Optional.empty();
            }
            var lock = LockFile.tryAcquire(home(layout).resolve(number + ".lock"), "");
            lock.ifPresent(held -> OURS.add(directory));
            return lock.map(held -> new BuildSlot(number, directory, held));
        }
    }

    private void clear(CgroupLayout cgroups) {
        FileTrees.delete(directory);
        var hierarchies = Stream.concat(cgroups.legacy().values().stream(), cgroups.unified().stream());
        hierarchies.forEach(mount -> {
            var project = mount.resolve("jcompose").resolve(PROJECT);
            FileTrees.deleteIfEmpty(project.resolve(name()));
            FileTrees.deleteIfEmpty(project);
            FileTrees.deleteIfEmpty(mount.resolve("jcompose"));
        });
    }

    int number() {
        return number;
    }

    /** Its number in the form of a container's short identifier. */
    String name() {
        return "%012x".formatted(number);
    }

    Path directory() {
        return directory;
    }

    Path merged() {
        return directory.resolve("merged");
    }

    Path plan() {
        return directory.resolve("plan");
    }

    @Override
    public void close() {
        FileTrees.delete(directory);
        unlock();
    }

    private void unlock() {
        synchronized (OURS) {
            OURS.remove(directory);
            lock.close();
        }
    }
}
