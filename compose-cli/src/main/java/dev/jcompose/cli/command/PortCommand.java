package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Count;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.ProjectSelection;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.ContainerText;
import dev.jcompose.cli.output.Report;
import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedContainer.PublishedPort;
import dev.jcompose.runtime.Backend;
import java.util.List;
import java.util.function.Supplier;

/** {@code port}: where on the host a container's port is reached. */
public final class PortCommand implements Command {
    private final Options options = new Options("Show where a container's port is published");
    private final Count index = options.number("N", "Which container of the service, from 1", "--index");
    private final Value protocol = options.value("PROTOCOL", "tcp or udp", "--protocol");
    private final Values words = options.arguments("SERVICE PRIVATE_PORT");

    private final ProjectSelection projects;
    private final Supplier<Backend> backends;
    private final Report report;

    public PortCommand(ProjectSelection projects, Supplier<Backend> backends, Report report) {
        this.projects = projects;
        this.backends = backends;
        this.report = report;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() {
        if (words.all().size() != 2 || !words.all().getLast().matches("\\d{1,5}")) {
            throw new UsageException("port wants a service and a port of it: jcompose port SERVICE PRIVATE_PORT");
        }
        var service = words.all().getFirst();
        int port = Integer.parseInt(words.all().getLast());
        var selected = projects.select();
        try (var backend = backends.get()) {
            var observed = backend.observe(selected.name(), List.of());
            var published = ServiceNames.containers(List.of(service), selected, observed).stream()
                    .filter(this::isWanted)
                    .flatMap(container -> container.ports().stream())
                    .filter(candidate -> isPublished(candidate, port))
                    .findFirst()
                    .orElseThrow(() -> new ComposeException("no port %d/%s for service \"%s\" is published"
                            .formatted(port, protocol.or("tcp"), service)));
            report.print(ContainerText.address(published.hostIp()) + ":" + published.hostPort());
        }
        return 0;
    }

    private boolean isWanted(ObservedContainer container) {
        return !container.oneOff() && container.number() == index.get().orElse(container.number());
    }

    private boolean isPublished(PublishedPort candidate, int port) {
        return candidate.containerPort() == port
                && candidate.hostPort() != 0
                && candidate.protocol().equals(protocol.or("tcp"));
    }
}
