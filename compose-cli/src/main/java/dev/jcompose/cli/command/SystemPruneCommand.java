package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.output.Console;
import dev.jcompose.cli.output.HumanSize;
import dev.jcompose.cli.output.Report;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedProject.ObservedNetwork;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.Disk.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** {@code system prune}: removes what no container needs. */
public final class SystemPruneCommand implements Command {
    private final Options options =
            new Options("Remove stopped containers, unused networks, images without a name and the build cache");
    private final Flag all = options.flag("Remove all images that no container uses", "-a", "--all");
    private final Flag force = options.flag("Do not ask", "-f", "--force");
    private final Flag volumes = options.flag("Remove anonymous volumes that no container uses", "--volumes");

    private final Supplier<Backend> backends;
    private final Console console;
    private final Report report;

    public SystemPruneCommand(Supplier<Backend> backends, Console console, Report report) {
        this.backends = backends;
        this.console = console;
        this.report = report;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (!force.isSet()) {
            new Confirmation(console).ask(warning(), "system prune");
        }
        try (var backend = backends.get()) {
            long before = size(backend);
            print("Deleted Containers:", removeContainers(backend));
            print("Deleted Networks:", removeNetworks(backend));
            if (volumes.isSet()) {
                print("Deleted Volumes:", backend.disk().pruneVolumes(report.waiting("a volume")));
            }
            var images = new ArrayList<String>();
            ImagePruneCommand.print(backend.images().prune(all.isSet()), images::add);
            print("Deleted Images:", images);
            int steps = backend.disk().pruneBuildCache();
            print("Deleted build cache objects:", steps == 0 ? List.of() : List.of(Integer.toString(steps)));
            console.out().println("Total reclaimed space: " + HumanSize.of(Math.max(0, before - size(backend))));
        }
        return 0;
    }

    private String warning() {
        return "This will remove:\n  - all stopped containers\n  - all networks not used by at least one container\n"
                + (volumes.isSet() ? "  - all anonymous volumes not used by at least one container\n" : "")
                + (all.isSet()
                        ? "  - all images without at least one container associated to them\n"
                        : "  - all dangling images\n")
                + "  - unused build cache\n";
    }

    private static long size(Backend backend) {
        return backend.disk().usage().stream().mapToLong(Part::size).sum();
    }

    private void print(String title, List<String> lines) {
        if (!lines.isEmpty()) {
            console.out().println(title);
            lines.forEach(console.out()::println);
            console.out().println();
        }
    }

    private List<String> removeContainers(Backend backend) throws InterruptedException {
        var removed = new ArrayList<String>();
        for (var project : backend.projects()) {
            var held = backend.lock(project, report.waiting(project));
            try (held) {
                for (var container : backend.observe(project, List.of()).containers()) {
                    if (!container.isRunning()) {
                        backend.containers().remove(container.id(), false);
                        removed.add(container.id());
                    }
                }
            }
        }
        return removed;
    }

    private List<String> removeNetworks(Backend backend) throws InterruptedException {
        var removed = new ArrayList<String>();
        for (var project : backend.projects()) {
            var held = backend.lock(project, report.waiting(project));
            try (held) {
                for (var network : backend.observe(project, List.of()).networks()) {
                    if (network.project().equals(project) && !isUsed(backend, network)) {
                        backend.networks().remove(network.name());
                        removed.add(network.name());
                    }
                }
            }
        }
        return removed;
    }

    private static boolean isUsed(Backend backend, ObservedNetwork network) {
        return backend.projects().stream()
                .flatMap(project -> backend.observe(project, List.of()).containers().stream())
                .map(ObservedContainer::networks)
                .anyMatch(networks -> networks.containsKey(network.name()));
    }
}
