package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.ProjectSelection;
import dev.jcompose.cli.output.Console;
import dev.jcompose.cli.output.ContainerText;
import dev.jcompose.cli.output.GoTemplate;
import dev.jcompose.cli.output.Json;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.Backend;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** {@code inspect}: everything known of containers. */
public final class InspectCommand implements Command {
    private final Options options = new Options("Show what is known of containers, as JSON");
    private final Value format = options.value("FORMAT", "json, or a template", "--format");
    private final Values services = options.arguments("[SERVICE...]");

    private final ProjectSelection projects;
    private final Supplier<Backend> backends;
    private final Console console;

    public InspectCommand(ProjectSelection projects, Supplier<Backend> backends, Console console) {
        this.projects = projects;
        this.backends = backends;
        this.console = console;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() {
        var selected = projects.select();
        try (var backend = backends.get()) {
            var observed = backend.observe(selected.name(), List.of());
            var all = ServiceNames.containers(services.all(), selected, observed).stream()
                    .map(container -> object(container, selected.name()))
                    .toList();
            if (format.or("json").equals("json")) {
                console.out().println(Json.of(all));
            } else {
                var template = GoTemplate.parse(format.or(""));
                all.forEach(object -> console.out().println(template.render(object)));
            }
        }
        return 0;
    }

    private static Map<String, Object> object(ObservedContainer container, String project) {
        var object = new LinkedHashMap<String, Object>();
        object.put("Id", container.id());
        object.put("Name", container.name());
        object.put("Created", container.created().toString());
        object.put("Project", project);
        object.put("Service", container.service());
        object.put("Number", container.number());
        object.put("OneOff", container.oneOff());
        object.put("Args", container.command());
        object.put("Image", container.imageId());
        object.put("State", state(container));
        object.put("RestartCount", container.restarts());
        object.put("Config", config(container));
        object.put("Networks", networks(container));
        object.put("Volumes", container.volumes());
        object.put("Ports", container.ports().stream().map(InspectCommand::port).toList());
        return object;
    }

    private static Map<String, Object> state(ObservedContainer container) {
        var state = new LinkedHashMap<String, Object>();
        state.put("Status", ContainerText.state(container));
        state.put("Running", container.isRunning());
        state.put("Paused", container.status() == ObservedContainer.Status.PAUSED);
        state.put("Restarting", container.status() == ObservedContainer.Status.RESTARTING);
        state.put("Pid", container.pid().orElse(0));
        state.put("ExitCode", container.exitCode().orElse(0));
        state.put("Health", ContainerText.healthWord(container));
        state.put("StartedAt", container.started().map(Instant::toString).orElse(""));
        state.put("FinishedAt", container.finished().map(Instant::toString).orElse(""));
        return state;
    }

    private static Map<String, Object> config(ObservedContainer container) {
        var config = new LinkedHashMap<String, Object>();
        config.put("Image", container.image());
        config.put("Labels", new TreeMap<>(container.labels()));
        return config;
    }

    private static Map<String, Object> networks(ObservedContainer container) {
        var networks = new LinkedHashMap<String, Object>();
        container.networks().forEach((name, address) -> networks.put(name, Map.of("IPAddress", address)));
        return networks;
    }

    private static Map<String, Object> port(ObservedContainer.PublishedPort port) {
        var object = new LinkedHashMap<String, Object>();
        object.put("HostIp", port.hostIp());
        object.put("HostPort", port.hostPort());
        object.put("ContainerPort", port.containerPort());
        object.put("Protocol", port.protocol());
        return object;
    }
}
