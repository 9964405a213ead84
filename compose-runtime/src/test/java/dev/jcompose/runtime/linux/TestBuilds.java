package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.Images.BuildRequest;
import dev.jcompose.runtime.NotFoundException;
import dev.jcompose.runtime.linux.build.ImageBuild;
import dev.jcompose.runtime.linux.cgroup.CgroupLayout;
import dev.jcompose.runtime.linux.image.ArchiveLoader;
import dev.jcompose.runtime.linux.image.ImageSource;
import dev.jcompose.runtime.linux.image.ImageStore;
import dev.jcompose.runtime.linux.network.NetworkStore;
import dev.jcompose.runtime.linux.seccomp.SeccompPrograms;
import dev.jcompose.runtime.linux.shim.HelperBinary;
import dev.jcompose.runtime.linux.shim.NativeLayout;
import dev.jcompose.runtime.oci.ImageReference;
import dev.jcompose.runtime.testing.Root;
import dev.jcompose.runtime.testing.Tar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;

/** Builds as the native backend does them, in a directory of a test's own, with an image to start from. */
final class TestBuilds {
    private static final Path BUSYBOX = Path.of("/usr/bin/busybox");
    private static final List<String> APPLETS = List.of(
            "sh", "cat", "chmod", "chown", "cp", "echo", "grep", "id", "ip", "ln", "ls", "mkdir", "mkfifo", "mv", "pwd",
            "rm", "sed", "sleep", "touch", "true", "wc");

    private static final ImageSource NOWHERE = (reference, store, progress) -> {
        throw new NotFoundException("no such image: " + reference);
    };

    private final Path directory;
    private final NativeLayout layout;
    private final ImageStore store;

    TestBuilds(Path directory) {
        this.directory = directory;
        this.layout = new NativeLayout(directory.resolve("state"), directory.resolve("run"));
        this.store = new ImageStore(layout.store());
    }

    static void required() {
        Root.required();
        Assumptions.assumeTrue(
                Files.isExecutable(BUSYBOX) || "true".equals(System.getenv("CI")),
                "needs /usr/bin/busybox: install busybox-static to include it");
    }

    ImageStore store() {
        return store;
    }

    NativeLayout layout() {
        return layout;
    }

    /** An image with a shell and a few files; its tar stays in {@code base.tar}. */
    void loadBase(String name) throws IOException {
        var base = new Tar()
                .file("bin/busybox", Files.readAllBytes(BUSYBOX), e -> e.setMode(0755))
                .file("etc/passwd", "root:x:0:0::/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n")
                .file("etc/group", "root:x:0:\nstaff:x:50:\n")
                .directory("tmp", 01777)
                .directory("real", 0711)
                .symlink("alias", "real")
                .file("full/sub/deep", "deep")
                .file("full/other", "other")
                .file("afile", "x");
        APPLETS.forEach(applet -> base.symlink("bin/" + applet, "busybox"));
        var tar = Files.write(directory.resolve("base.tar"), base.bytes());
        new ArchiveLoader(store).importRootfs(tar, ImageReference.parse(name));
    }

    void run(BuildRequest request, Consumer<String> progress) throws InterruptedException {
        var plans = new BuildPlan(
                layout,
                CgroupLayout.detect(),
                new SeccompPrograms(layout.cache()),
                new NetworkStore(layout.networks()));
        var runner = new BuildRunner(layout, new HelperBinary(layout.bin()), plans);
        ImageBuild.build(new ImageBuild.Parts(store, NOWHERE, Optional.of(runner)), request, progress);
    }
}
