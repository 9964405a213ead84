package dev.jcompose.runtime.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.linux.shim.DurableFile;
import dev.jcompose.runtime.linux.shim.NativeLayout;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds out who has a port of the host, for messages. */
final class PortHolder {
    private static final String LISTENING = "0A";

    private final NativeLayout layout;
    private final ContainerIndex index;
    private final Path proc;

    PortHolder(NativeLayout layout, ContainerIndex index) {
        this(layout, index, Path.of("/proc"));
    }

    PortHolder(NativeLayout layout, ContainerIndex index, Path proc) {
        this.layout = layout;
        this.index = index;
        this.proc = proc;
    }

    /** Such as {@code service "web" of project "shop"} or {@code nginx (pid 812)}; empty when nobody can be found. */
    Optional<String> find(int port, String protocol) {
        return container(port, protocol).or(() -> process(port, protocol));
    }

    private Optional<String> container(int port, String protocol) {
        for (var project : index.projects()) {
            for (var plan : index.plans(project)) {
                boolean bound = Observer.bound(layout.container(project, plan.id())).stream()
                        .anyMatch(other ->
                                other.hostPort() == port && other.protocol().equals(protocol));
                if (bound) {
                    return Optional.of(describe(plan));
                }
            }
        }
        return Optional.empty();
    }

    private static String describe(ContainerPlan plan) {
        return "service \"" + plan.text("x-service") + "\" of project \"" + plan.project() + "\" (container "
                + plan.name() + ")";
    }

    private Optional<String> process(int port, String protocol) {
        var sockets = sockets(port, protocol);
        if (sockets.isEmpty()) {
            return Optional.empty();
        }
        try (var processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (var process : processes) {
                if (holds(process, sockets)) {
                    var name = Files.readString(process.resolve("comm")).strip();
                    return Optional.of(name + " (pid " + process.getFileName() + ")");
                }
            }
        } catch (IOException e) {
            return Optional.empty(); // it ended meanwhile
        }
        return Optional.empty();
    }

    /** What {@code /proc/pid/fd} shows for sockets bound to the port (proc(5), {@code /proc/net/tcp}). */
    private Set<String> sockets(int port, String protocol) {
        var wanted = ":" + "%04X".formatted(port);
        Set<String> sockets = new HashSet<>();
        for (var line : lines(protocol)) {
            var fields = List.of(line.strip().split("\\s+", 12));
            boolean bound = fields.size() > 9
                    && fields.get(1).endsWith(wanted)
                    && (protocol.equals("udp") || fields.get(3).equals(LISTENING));
            if (bound) {
                sockets.add("socket:[" + fields.get(9) + "]");
            }
        }
        return sockets;
    }

    private List<String> lines(String protocol) {
        List<String> lines = new ArrayList<>();
        for (var file : List.of(protocol, protocol + "6")) {
            DurableFile.read(proc.resolve("net").resolve(file))
                    .ifPresent(bytes -> new String(bytes, UTF_8).lines().forEach(lines::add));
        }
        return lines;
    }

    private static boolean holds(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (var file : files) {
                if (sockets.contains(Files.readSymbolicLink(file).toString())) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false; // not ours to look into, or gone
        }
    }
}
