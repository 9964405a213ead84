package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.build.BuildException;
import dev.jcompose.runtime.build.IgnoreFile;
import dev.jcompose.runtime.build.Place;
import dev.jcompose.runtime.build.RunMount;
import dev.jcompose.runtime.linux.build.RunExecutor.StepMount;
import dev.jcompose.runtime.linux.image.StoredLayer;
import dev.jcompose.runtime.linux.layer.LayerEntry;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** The {@code --mount} flags of one RUN: what they add to its key, and how they are there while it runs. */
final class RunMounts implements AutoCloseable {
    private static final String SECRETS = "/run/secrets/";
    private static final String AGENT = "/run/buildkit/ssh_agent.";

    private final List<RunMount> mounts;
    private final String workingDir;
    private final Sources sources;
    private final Means means;
    private final List<AutoCloseable> used = new ArrayList<>();
    private final List<String> env = new ArrayList<>();
    private int agents;

    /** What mounts are made of besides files: where caches are, the secrets and the agents of the build. */
    record Means(BuildCache caches, BuildSecrets secrets, SshAgents agents) {}

    RunMounts(List<RunMount> mounts, String workingDir, Sources sources, Means means) {
        this.mounts = mounts;
        this.workingDir = workingDir;
        this.sources = sources;
        this.means = means;
    }

    void addTo(StepKey key) throws IOException, InterruptedException {
        for (var mount : mounts) {
            key.add(mount.type() + " " + mount.target() + " " + mount.source() + " " + mount.id() + " " + mount.env());
            if (mount.type() == RunMount.Type.BIND) {
                var tree = sources.of(mount.from(), mount.place());
                if (tree.layers().isEmpty()) {
                    key.add(entries(mount, tree));
                } else {
                    key.add(tree.layers().getLast().chainId().hex());
                }
            }
        }
    }

    /** The variables that come with the mounts; to be asked after {@link #prepare}. */
    List<String> env() {
        return env;
    }

    List<StepMount> prepare(Path scratch) throws IOException, InterruptedException {
        var result = new ArrayList<StepMount>();
        for (var mount : mounts) {
            var place = scratch.resolve("mount-" + result.size());
            switch (mount.type()) {
                case BIND -> result.add(bind(mount, place));
                case CACHE -> result.add(cache(mount));
                case TMPFS -> result.add(new StepMount.Memory(target(mount.target()), mount.size()));
                case SECRET -> secret(mount).ifPresent(result::add);
                case SSH -> agent(mount).ifPresent(result::add);
            }
        }
        return result;
    }

    private String target(String path) {
        return Path.of(workingDir).resolve(path).normalize().toString();
    }

    private LayeredFiles.Found source(RunMount mount, SourceTree tree) {
        return tree.find(mount.source())
                .orElseThrow(() -> new BuildException(
                        mount.place(), "--mount: \"" + mount.source() + "\" not found in " + tree.name()));
    }

    private SortedMap<String, LayerEntry> entries(RunMount mount, SourceTree tree) {
        return entries(mount.place(), tree, source(mount, tree));
    }

    private static SortedMap<String, LayerEntry> entries(Place place, SourceTree tree, LayeredFiles.Found source) {
        var copy = new FileCopy(place, new LayeredFiles(List.of()), Optional.empty(), ModeChange.NONE);
        if (source.stat().isDirectory()) {
            copy.copyContent(tree, source, "", IgnoreFile.NOTHING);
        } else {
            copy.copyFile(tree, source, "file");
        }
        return copy.entries();
    }

    private StepMount bind(RunMount mount, Path place) throws IOException, InterruptedException {
        var tree = sources.of(mount.from(), mount.place());
        var source = source(mount, tree);
        if (mount.readOnly() && !tree.layers().isEmpty()) {
            var layers = tree.layers().stream().map(StoredLayer::diff).toList();
            return new StepMount.Layers(layers, source.path(), target(mount.target()));
        }
        Materialized.put(entries(mount.place(), tree, source), Files.createDirectory(place));
        boolean directory = source.stat().isDirectory();
        if (directory) {
            Files.setAttribute(place, "unix:mode", source.stat().permissions());
        }
        return new StepMount.Shared(
                directory ? place : place.resolve("file"), target(mount.target()), mount.readOnly());
    }

    private StepMount cache(RunMount mount) throws IOException, InterruptedException {
        var target = target(mount.target());
        var cache = means.caches().use(mount, mount.id().orElse(target), directory -> {
            if (mount.from().isPresent() || !mount.source().isEmpty()) {
                Materialized.put(entries(mount, seed(mount)), directory);
            }
            Files.setAttribute(directory, "unix:uid", mount.uid());
            Files.setAttribute(directory, "unix:gid", mount.gid());
            Files.setAttribute(directory, "unix:mode", mount.mode().orElse(0755));
        });
        used.add(cache);
        return new StepMount.Shared(cache.data(), target, mount.readOnly());
    }

    private SourceTree seed(RunMount mount) throws IOException {
        try {
            return sources.of(mount.from(), mount.place());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private Optional<StepMount> secret(RunMount mount) {
        var name = mount.target().substring(mount.target().lastIndexOf('/') + 1);
        var id = mount.id().orElse(name);
        var content = means.secrets().find(id);
        if (content.isEmpty()) {
            if (mount.required()) {
                throw new BuildException(
                        mount.place(), "secret \"" + id + "\" is required, but build.secrets does not have it");
            }
            return Optional.empty();
        }
        mount.env().ifPresent(variable -> env.add(variable + "=" + new String(content.get(), StandardCharsets.UTF_8)));
        if (mount.env().isPresent() && mount.target().isEmpty()) {
            return Optional.empty();
        }
        var target = mount.target().isEmpty() ? SECRETS + id : target(mount.target());
        var owner = new Owner(mount.uid(), mount.gid());
        return Optional.of(new StepMount.Text(
                ByteBuffer.wrap(content.get()), target, mount.mode().orElse(0400), owner));
    }

    private Optional<StepMount> agent(RunMount mount) throws IOException {
        var id = mount.id().orElse("default");
        var agent = means.agents().find(mount.place(), id);
        if (agent.isEmpty()) {
            if (mount.required()) {
                throw new BuildException(mount.place(), "no SSH agent \"" + id + "\": name it in build.ssh or --ssh");
            }
            return Optional.empty();
        }
        var target = mount.target().isEmpty() ? AGENT + agents : target(mount.target());
        if (agents++ == 0) {
            env.add("SSH_AUTH_SOCK=" + target);
        }
        var directory = Files.createTempDirectory("jcompose-ssh"); // a socket's path must be short
        var socket = directory.resolve("s");
        used.add(() -> {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(directory);
        });
        used.add(AgentSocket.open(socket, agent.get(), mount.mode().orElse(0600), new Owner(mount.uid(), mount.gid())));
        return Optional.of(new StepMount.Shared(socket, target, false));
    }

    @Override
    public void close() throws IOException {
        for (var one : used.reversed()) {
            try {
                one.close();
            } catch (IOException e) {
                throw e;
            } catch (Exception e) { // what AutoCloseable declares
                throw new IOException(e);
            }
        }
    }
}
