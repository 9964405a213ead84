package dev.jcompose.cli.scenario;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Everything in the kernel that a runtime could leave behind, as sorted lines. */
record KernelState(TreeSet<String> lines) {

    static KernelState now() throws IOException, InterruptedException {
        TreeSet<String> lines = new TreeSet<>();
        processes(lines);
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            if (line.contains("jcompose") || line.contains("overlay")) {
                lines.add("mount " + line);
            }
        }
        for (Path link : list(Path.of("/sys/class/net"))) {
            lines.add("link " + link.getFileName());
        }
        for (String line : run("nft", "list", "tables")) {
            lines.add("nft " + line);
        }
        cgroups(lines);
        lines.add("ip_forward "
                + Files.readString(Path.of("/proc/sys/net/ipv4/ip_forward")).strip());
        return new KernelState(lines);
    }

    /** Waits until nothing is here that was not before, since the kernel frees namespaces and links in its own time. */
    static List<String> leftSince(KernelState before) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            List<String> left = new ArrayList<>(now().lines());
            left.removeAll(before.lines());
            if (left.isEmpty() || System.nanoTime() > deadline) {
                return left;
            }
            Thread.sleep(20);
        }
    }

    /** Our helper's processes, and the namespaces of every process, which hold whatever containers there are. */
    private static void processes(TreeSet<String> lines) throws IOException {
        for (Path process : list(Path.of("/proc"))) {
            String pid = process.getFileName().toString();
            if (Character.isDigit(pid.charAt(0))) {
                try {
                    describe(process, pid, lines);
                } catch (IOException e) {
                    lines.remove("process " + pid); // it has just ended
                }
            }
        }
    }

    private static void describe(Path process, String pid, TreeSet<String> lines) throws IOException {
        String command = Files.readString(process.resolve("comm")).strip();
        if (command.startsWith("jcr")) {
            lines.add("process " + pid + " " + command);
        }
        for (String kind : List.of("net", "mnt", "pid")) {
            lines.add(
                    "namespace " + Files.readSymbolicLink(process.resolve("ns").resolve(kind)));
        }
    }

    private static void cgroups(TreeSet<String> lines) throws IOException {
        Path root = Path.of("/sys/fs/cgroup");
        if (!Files.isDirectory(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                if (directory.toString().contains("jcompose")) {
                    lines.add("cgroup " + directory);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static List<Path> list(Path directory) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        } catch (NoSuchFileException e) {
            return entries;
        }
        return entries;
    }

    private static List<String> run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = process.inputReader().lines().toList();
        process.waitFor();
        return lines;
    }
}
