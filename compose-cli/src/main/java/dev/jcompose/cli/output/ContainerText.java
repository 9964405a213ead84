package dev.jcompose.cli.output;

import static java.util.stream.Collectors.joining;

import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedContainer.PublishedPort;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** What is said of a container in tables, in Docker's words. */
public final class ContainerText {
    private static final int COMMAND_LENGTH = 20;
    private static final int SHORT_ID = 12;

    private final Clock clock;

    public ContainerText(Clock clock) {
        this.clock = clock;
    }

    /** {@code Up 5 seconds (healthy)}, {@code Exited (0) 2 minutes ago}. */
    public String status(ObservedContainer container) {
        return switch (container.status()) {
            case CREATED -> "Created";
            case RUNNING -> "Up " + since(container.started()) + health(container);
            case PAUSED -> "Up " + since(container.started()) + " (Paused)";
            case RESTARTING -> "Restarting (" + exitCode(container) + ") " + since(container.finished()) + " ago";
            case EXITED -> "Exited (" + exitCode(container) + ") " + since(container.finished()) + " ago";
            case DEAD -> "Dead";
        };
    }

    /** {@code running}, {@code exited}: the state as filters and JSON name it. */
    public static String state(ObservedContainer container) {
        return container.status().name().toLowerCase(Locale.ROOT);
    }

    /** {@code healthy}, or nothing where there is no healthcheck. */
    public static String healthWord(ObservedContainer container) {
        return switch (container.health()) {
            case NONE -> "";
            case STARTING -> "starting";
            case HEALTHY -> "healthy";
            case UNHEALTHY -> "unhealthy";
        };
    }

    /** {@code 5 seconds ago}. */
    public String created(ObservedContainer container) {
        return since(Optional.of(container.created())) + " ago";
    }

    /** The command line in quotes, shortened when asked. */
    public static String command(ObservedContainer container, boolean truncated) {
        var line = String.join(" ", container.command());
        return Json.of(
                truncated && line.length() > COMMAND_LENGTH ? line.substring(0, COMMAND_LENGTH - 1) + "…" : line);
    }

    /** {@code 0.0.0.0:8080->80/tcp, 443/tcp}. */
    public static String ports(ObservedContainer container) {
        return container.ports().stream()
                .sorted(ContainerText::compare)
                .map(ContainerText::port)
                .collect(joining(", "));
    }

    public static String shortId(String id) {
        var digest = id.startsWith("sha256:") ? id.substring("sha256:".length()) : id;
        return digest.substring(0, Math.min(SHORT_ID, digest.length()));
    }

    /** The name without the project's, as log prefixes and tables of one project show it: {@code web-1}. */
    public static String withinProject(String name, String project) {
        boolean ours = name.startsWith(project + "-") || name.startsWith(project + "_");
        return ours ? name.substring(project.length() + 1) : name;
    }

    private static int compare(PublishedPort one, PublishedPort other) {
        int byPort = Integer.compare(one.containerPort(), other.containerPort());
        int byProtocol = byPort != 0 ? byPort : one.protocol().compareTo(other.protocol());
        return byProtocol != 0 ? byProtocol : one.hostIp().compareTo(other.hostIp());
    }

    private static String port(PublishedPort port) {
        var inside = port.containerPort() + "/" + port.protocol();
        return port.hostPort() == 0 ? inside : address(port.hostIp()) + ":" + port.hostPort() + "->" + inside;
    }

    /** A host address as written before a port: {@code 0.0.0.0}, {@code [::]}. */
    public static String address(String ip) {
        if (ip.isEmpty()) {
            return "0.0.0.0";
        }
        return ip.contains(":") && !ip.startsWith("[") ? "[" + ip + "]" : ip;
    }

    private static String health(ObservedContainer container) {
        return switch (container.health()) {
            case NONE -> "";
            case STARTING -> " (health: starting)";
            case HEALTHY -> " (healthy)";
            case UNHEALTHY -> " (unhealthy)";
        };
    }

    private static String exitCode(ObservedContainer container) {
        return container.exitCode().isPresent()
                ? String.valueOf(container.exitCode().getAsInt())
                : "?";
    }

    private String since(Optional<Instant> moment) {
        return HumanTime.of(Duration.between(moment.orElse(clock.instant()), clock.instant()));
    }
}
