package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.Backend.Lock;
import dev.jcompose.runtime.Backend.WaitListener;
import dev.jcompose.runtime.linux.shim.LockFile;
import dev.jcompose.runtime.linux.shim.NativeLayout;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps commands off a project while another one changes it. */
final class ProjectLocks {
    private static final long PAUSE_MILLIS = 50;

    private final NativeLayout layout;
    private final String owner;
    private final Set<String> held = ConcurrentHashMap.newKeySet();

    /** {@code owner} is how this command is called in others' messages: {@code jcompose up (pid 4711)}. */
    ProjectLocks(NativeLayout layout, String owner) {
        this.layout = layout;
        this.owner = owner;
    }

    Lock acquire(String project, WaitListener waiting) throws InterruptedException {
        var file = layout.lock(project);
        var lock = LockFile.tryAcquire(file, owner);
        if (lock.isEmpty()) {
            waiting.waitingFor(LockFile.owner(file));
        }
        while (lock.isEmpty()) {
            Thread.sleep(PAUSE_MILLIS);
            lock = LockFile.tryAcquire(file, owner);
        }
        held.add(project);
        var mine = lock;
        return () -> release(project, mine);
    }

    /** Runs something that is worth doing only when nobody else is at work on the project. */
    void ifFree(String project, Runnable work) {
        if (held.contains(project)) {
            return;
        }
        LockFile.tryAcquire(layout.lock(project), owner).ifPresent(lock -> {
            try {
                work.run();
            } finally {
                lock.close();
            }
        });
    }

    private void release(String project, Optional<LockFile> lock) {
        held.remove(project);
        lock.ifPresent(LockFile::close);
    }
}
