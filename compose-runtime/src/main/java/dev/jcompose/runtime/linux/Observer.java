package dev.jcompose.runtime.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedContainer.Health;
import dev.jcompose.planner.state.ObservedContainer.PublishedPort;
import dev.jcompose.planner.state.ObservedContainer.Status;
import dev.jcompose.runtime.linux.shim.ContainerFiles;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.linux.shim.ContainerState;
import dev.jcompose.runtime.linux.shim.DurableFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SequencedMap;

/** Puts together what is known of a container: its plan, its state, the ports bound. */
final class Observer {
    private static final long NANOS = 1_000_000_000L;

    private final ContainerStates states;
    private final Foundations foundations;

    Observer(ContainerStates states, Foundations foundations) {
        this.states = states;
        this.foundations = foundations;
    }

    ObservedContainer observe(ContainerFiles files, ContainerPlan plan) {
        var state = states.of(files);
        var image = plan.first("x-image");
        long created = plan.number("x-created");
        return new ObservedContainer(
                plan.id(),
                plan.name(),
                plan.text("x-service"),
                (int) plan.number("x-number"),
                plan.first("x-oneoff").isPresent(),
                foundations.missing(plan, state).isEmpty() ? plan.text("x-config-hash") : "",
                image.map(frame -> frame.text(1)).orElse(""),
                image.map(frame -> frame.text(2)).orElse(""),
                plan.texts("arg"),
                status(state),
                state.isAlive() ? state.health() : Health.NONE,
                state.exitCode(),
                state.isAlive() ? state.pid() : OptionalInt.empty(),
                Instant.ofEpochSecond(created / NANOS, created % NANOS),
                state.started(),
                state.finished(),
                state.restarts(),
                networks(plan),
                plan.texts("x-volume"),
                ports(files, plan, state),
                labels(plan));
    }

    private static Status status(ContainerState state) {
        return switch (state.status()) {
            case CREATED -> Status.CREATED;
            case RUNNING, STOPPING -> Status.RUNNING;
            case PAUSED -> Status.PAUSED;
            case STARTING, RESTARTING -> Status.RESTARTING;
            case EXITED -> Status.EXITED;
        };
    }

    private static SequencedMap<String, String> networks(ContainerPlan plan) {
        SequencedMap<String, String> networks = new LinkedHashMap<>();
        for (var net : plan.all("net")) {
            var address = net.text(4);
            networks.put(net.text(1), address.substring(0, Math.max(0, address.indexOf('/'))));
        }
        return networks;
    }

    private static Map<String, String> labels(ContainerPlan plan) {
        Map<String, String> labels = new HashMap<>();
        plan.all("x-label").forEach(frame -> labels.put(frame.text(1), frame.text(2)));
        return labels;
    }

    private static List<PublishedPort> ports(ContainerFiles files, ContainerPlan plan, ContainerState state) {
        List<PublishedPort> ports = new ArrayList<>();
        if (state.isAlive()) {
            bound(files).forEach(ports::add);
        }
        for (var text : plan.texts("x-expose")) {
            int slash = text.indexOf('/');
            var number = slash < 0 ? text : text.substring(0, slash);
            var protocol = slash < 0 ? "tcp" : text.substring(slash + 1);
            if (number.chars().allMatch(Character::isDigit) && !number.isEmpty()) {
                int port = Integer.parseInt(number);
                if (ports.stream()
                        .noneMatch(other -> other.containerPort() == port
                                && other.protocol().equals(protocol))) {
                    ports.add(new PublishedPort("", 0, port, protocol));
                }
            }
        }
        return ports;
    }

    /** The ports a running container has on the host, as its monitor noted them. */
    static List<PublishedPort> bound(ContainerFiles files) {
        List<PublishedPort> ports = new ArrayList<>();
        var text = DurableFile.read(files.ports())
                .map(bytes -> new String(bytes, US_ASCII))
                .orElse("");
        for (var line : text.split("\n", -1)) {
            var fields = line.split(" ", -1);
            if (fields.length == 4) {
                ports.add(new PublishedPort(
                        fields[0], Integer.parseInt(fields[1]), Integer.parseInt(fields[2]), fields[3]));
            }
        }
        return ports;
    }
}
