package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Count;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.ProjectSelection.Selected;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.Console;
import dev.jcompose.cli.output.Progress.State;
import dev.jcompose.cli.output.Progress.Update;
import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.Copies;
import dev.jcompose.runtime.execute.TaskGroup.Task;
import java.util.List;
import java.util.Optional;

/** {@code cp}: copies files between containers and this machine. */
public final class CpCommand implements Command {
    private final Options options = new Options("Copy files between containers and this machine");
    private final Flag all = options.flag("Into the containers of run too", "--all");
    private final Flag archive = options.flag("Keep owners", "-a", "--archive");
    private final Flag follow = options.flag("Copy what a link leads to", "-L", "--follow-link");
    private final Count index = options.number("N", "Only this container of the service, from 1", "--index");
    private final Values words = options.arguments("SERVICE:SRC_PATH DEST_PATH|-  or  SRC_PATH|- SERVICE:DEST_PATH");

    private final ProjectWork work;
    private final Console console;

    public CpCommand(ProjectWork work, Console console) {
        this.work = work;
        this.console = console;
    }

    @Override
    public Options options() {
        return options;
    }

    /** A path in the containers of a service. */
    private record Inside(String service, String path) {
        /** Empty for a path on this machine. */
        static Optional<Inside> of(String word) {
            int colon = word.indexOf(':');
            boolean local = colon < 1 || word.startsWith("/") || word.startsWith(".");
            return local
                    ? Optional.empty()
                    : Optional.of(new Inside(word.substring(0, colon), absolute(word.substring(colon + 1))));
        }

        private static String absolute(String path) {
            return path.startsWith("/") ? path : "/" + path;
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        if (words.all().size() != 2) {
            throw new UsageException("cp wants a source and a target: jcompose cp SERVICE:SRC_PATH DEST_PATH");
        }
        var source = Inside.of(words.all().getFirst());
        var target = Inside.of(words.all().getLast());
        if (source.isPresent() && target.isPresent()) {
            throw new ComposeException("copying between services is not supported");
        }
        if (source.isEmpty() && target.isEmpty()) {
            throw new ComposeException("unknown copy direction: one of the two is SERVICE:PATH");
        }
        var selected = work.projects().select();
        try (var backend = work.backends().get()) {
            var service = source.or(() -> target).map(Inside::service).orElse("");
            var containers = containers(backend, selected, service);
            if (work.runner().isDry()) {
                containers.forEach(container -> work.report()
                        .print("DRY-RUN MODE -  " + container.name() + " copy " + String.join(" to ", words.all())));
            } else if (source.isPresent()) {
                out(backend, selected, containers.getFirst(), source.get().path());
            } else {
                for (var container : containers) {
                    into(backend, selected, container, target.map(Inside::path).orElse("/"));
                }
            }
        }
        return 0;
    }

    private List<ObservedContainer> containers(Backend backend, Selected selected, String service) {
        var observed = backend.observe(selected.name(), List.of());
        var found = observed.containers().stream()
                .filter(container -> container.service().equals(service))
                .filter(container -> all.isSet() || !container.oneOff())
                .filter(container -> index.get().isEmpty()
                        || container.number() == index.get().getAsInt())
                .sorted((one, other) -> Integer.compare(one.number(), other.number()))
                .toList();
        if (found.isEmpty()) {
            throw new ComposeException("no container found for service \"" + service + "\"");
        }
        return found;
    }

    private Copies.Options wanted() {
        return new Copies.Options(archive.isSet(), follow.isSet());
    }

    private void out(Backend backend, Selected selected, ObservedContainer container, String path)
            throws InterruptedException {
        var target = words.all().getLast();
        if (target.equals("-")) {
            guarded(
                    backend,
                    selected,
                    container,
                    () -> backend.copies().pack(container.id(), path, console.out(), wanted()));
            console.flush();
            return;
        }
        shown(
                container,
                "copy " + container.name() + ":" + path + " to " + target,
                () -> guarded(
                        backend,
                        selected,
                        container,
                        () -> backend.copies().outOf(container.id(), path, local(target), wanted())));
    }

    private void into(Backend backend, Selected selected, ObservedContainer container, String path)
            throws InterruptedException {
        var source = words.all().getFirst();
        if (source.equals("-")) {
            guarded(
                    backend,
                    selected,
                    container,
                    () -> backend.copies().unpack(container.id(), path, console.in(), wanted()));
            return;
        }
        shown(
                container,
                "copy " + source + " to " + container.name() + ":" + path,
                () -> guarded(
                        backend,
                        selected,
                        container,
                        () -> backend.copies().into(container.id(), local(source), path, wanted())));
    }

    /** A container that does not run must not be started while its files are mounted elsewhere. */
    private void guarded(Backend backend, Selected selected, ObservedContainer container, Task task)
            throws InterruptedException {
        if (container.isRunning()) {
            task.run();
        } else {
            work.locked(backend, selected.name(), task);
        }
    }

    private void shown(ObservedContainer container, String what, Task task) throws InterruptedException {
        try (var progress = work.report().progress("copy")) {
            progress.update(new Update(container.name() + " " + what, "Copying", State.WORKING));
            task.run();
            progress.update(new Update(container.name() + " " + what, "Copied", State.DONE));
        }
    }

    /** Absolute, with the end that says what it means. */
    private String local(String path) {
        var absolute = console.workingDirectory().resolve(path).normalize().toString();
        if (path.endsWith("/.") || path.equals(".")) {
            return absolute + "/.";
        }
        return path.endsWith("/") ? absolute + "/" : absolute;
    }
}
