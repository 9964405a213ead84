package dev.jcompose.runtime.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jcompose.runtime.linux.shim.LockFile;
import dev.jcompose.runtime.linux.shim.NativeLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ProjectLocksTest {
    @TempDir
    Path directory;

    @Test
    void a_free_project_is_locked_without_a_word_and_marked_with_its_owner() throws InterruptedException {
        var layout = new NativeLayout(directory, directory);
        List<String> heard = new ArrayList<>();
        try (var lock = new ProjectLocks(layout, "jcompose up (pid 1)").acquire("shop", heard::add)) {
            assertThat(lock).isNotNull();
            assertThat(LockFile.owner(layout.lock("shop"))).isEqualTo("jcompose up (pid 1)");
        }
        assertThat(heard).isEmpty();
    }

    @Test
    void who_has_to_wait_is_told_for_whom() throws Exception {
        var layout = new NativeLayout(directory, directory);
        var holder = holder(layout.lock("shop"));
        List<String> heard = new ArrayList<>();
        try (var lock = new ProjectLocks(layout, "second").acquire("shop", owner -> {
            heard.add(owner);
            holder.destroy();
        })) {
            assertThat(lock).isNotNull();
        }
        assertThat(heard).hasSize(1);
    }

    /** Another process that has the lock (Java's locks are those of fcntl). */
    private static Process holder(Path file) throws IOException {
        var java = ProcessHandle.current().info().command().orElse("java");
        var process = new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), Holder.class.getName(), "" + file)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.getInputStream().read()).isEqualTo('!');
        return process;
    }

    /** Takes a lock, says so and waits for its end. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            var lock = LockFile.tryAcquire(Path.of(arguments[0]), "first").orElseThrow();
            System.out.write('!');
            System.out.flush();
            System.in.read();
            lock.close();
        }
    }
}
