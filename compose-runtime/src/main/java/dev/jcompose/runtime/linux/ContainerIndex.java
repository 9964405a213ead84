package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.NotFoundException;
import dev.jcompose.runtime.linux.shim.ContainerFiles;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.linux.shim.DurableFile;
import dev.jcompose.runtime.linux.shim.NativeLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Finds containers on disk. A container belongs to one project for good, so that is remembered. */
final class ContainerIndex {
    private final NativeLayout layout;
    private final Map<String, String> projects = new ConcurrentHashMap<>();

    ContainerIndex(NativeLayout layout) {
        this.layout = layout;
    }

    /** Every project that has a container, sorted. */
    List<String> projects() {
        return names(layout.projects());
    }

    /** The short identifiers of everything in a project, remains of creates that were cut off included. */
    List<String> entries(String project) {
        return names(layout.project(project));
    }

    /** The plans of a project's containers. */
    List<ContainerPlan> plans(String project) {
        List<ContainerPlan> plans = new ArrayList<>();
        for (var id12 : entries(project)) {
            ContainerPlan.read(layout.container(project, id12).plan()).ifPresent(plan -> {
                projects.put(id12, project);
                plans.add(plan);
            });
        }
        return plans;
    }

    /** The container of that name, whatever its project. */
    Optional<ContainerPlan> byName(String name) {
        return projects().stream()
                .flatMap(project -> plans(project).stream())
                .filter(plan -> plan.name().equals(name))
                .findFirst();
    }

    void remember(String id, String project) {
        projects.put(shortened(id), project);
    }

    void forget(String id) {
        projects.remove(shortened(id));
    }

    /** Where a container's files are; empty when there is no such container. */
    Optional<ContainerFiles> find(String id) {
        var id12 = shortened(id);
        var known = projects.get(id12);
        if (known != null) {
            return Optional.of(layout.container(known, id12));
        }
        for (var project : projects()) {
            if (Files.exists(layout.container(project, id12).plan())) {
                projects.put(id12, project);
                return Optional.of(layout.container(project, id12));
            }
        }
        return Optional.empty();
    }

    ContainerFiles require(String id) {
        return find(id).orElseThrow(() -> new NotFoundException("container " + shortened(id) + " does not exist"));
    }

    /** The plan of a container that must exist. */
    ContainerPlan plan(ContainerFiles files) {
        return ContainerPlan.read(files.plan())
                .orElseThrow(() -> new NotFoundException("container " + files.id12() + " does not exist"));
    }

    private static String shortened(String id) {
        return id.length() > 12 ? id.substring(0, 12) : id;
    }

    private static List<String> names(Path directory) {
        try (var entries = Files.newDirectoryStream(directory, Files::isDirectory)) {
            List<String> names = new ArrayList<>();
            entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
            names.sort(null);
            return names;
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new BackendException("cannot list " + directory + ": " + DurableFile.reason(e), e);
        }
    }
}
