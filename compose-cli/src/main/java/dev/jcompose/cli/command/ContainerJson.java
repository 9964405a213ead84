package dev.jcompose.cli.command;

import static java.util.stream.Collectors.joining;

import dev.jcompose.cli.output.ContainerText;
import dev.jcompose.planner.state.ObservedContainer;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A container as {@code ps --format json} writes it, with Docker Compose's keys. */
record ContainerJson(ObservedContainer container, String project, ContainerText text, boolean truncated) {
    private static final DateTimeFormatter CREATED_AT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss '+0000 UTC'").withZone(ZoneOffset.UTC);

    Map<String, Object> fields() {
        var object = new LinkedHashMap<String, Object>();
        object.put("Command", ContainerText.command(container, truncated));
        object.put("CreatedAt", CREATED_AT.format(container.created()));
        object.put("ExitCode", container.isRunning() ? 0 : container.exitCode().orElse(0));
        object.put("Health", ContainerText.healthWord(container));
        object.put("ID", truncated ? ContainerText.shortId(container.id()) : container.id());
        object.put("Image", container.image());
        object.put("Labels", labels());
        object.put("LocalVolumes", String.valueOf(container.volumes().size()));
        object.put("Mounts", String.join(",", container.volumes()));
        object.put("Name", container.name());
        object.put("Names", container.name());
        object.put("Networks", String.join(",", container.networks().keySet()));
        object.put("Ports", ContainerText.ports(container));
        object.put("Project", project);
        object.put("Publishers", publishers());
        object.put("RunningFor", text.created(container));
        object.put("Service", container.service());
        object.put("Size", "0B");
        object.put("State", ContainerText.state(container));
        object.put("Status", text.status(container));
        return object;
    }

    private String labels() {
        return new TreeMap<>(container.labels())
                .entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(joining(","));
    }

    private List<Map<String, Object>> publishers() {
        return container.ports().stream()
                .<Map<String, Object>>map(port -> {
                    var publisher = new LinkedHashMap<String, Object>();
                    publisher.put("URL", port.hostPort() == 0 ? "" : ContainerText.address(port.hostIp()));
                    publisher.put("TargetPort", port.containerPort());
                    publisher.put("PublishedPort", port.hostPort());
                    publisher.put("Protocol", port.protocol());
                    return publisher;
                })
                .toList();
    }
}
