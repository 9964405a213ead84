package dev.jcompose.runtime.linux.shim;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jcompose.planner.state.ObservedContainer.Health;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Where a container is in its life, as its monitor last wrote it.
 *
 * @param exitCode of the last run; 255 when nobody could note it
 * @param error why the last start failed; empty when it did not
 */
public record ContainerState(
        Status status,
        OptionalInt pid,
        OptionalInt monitor,
        Optional<Instant> started,
        Optional<Instant> finished,
        OptionalInt exitCode,
        boolean outOfMemory,
        int restarts,
        Health health,
        String error) {

    /** The words of the state file. */
    public enum Status {
        CREATED,
        STARTING,
        RUNNING,
        PAUSED,
        RESTARTING,
        STOPPING,
        EXITED
    }

    static final int UNKNOWN_EXIT = 255;

    /** A container that was never started in this boot. */
    static final ContainerState CREATED = new ContainerState(
            Status.CREATED,
            OptionalInt.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            false,
            0,
            Health.NONE,
            "");

    static ContainerState parse(byte[] text) {
        return of(values(text));
    }

    static Map<String, String> values(byte[] text) {
        Map<String, String> values = new HashMap<>();
        for (var line : new String(text, UTF_8).split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return values;
    }

    static ContainerState of(Map<String, String> values) {
        return new ContainerState(
                Status.valueOf(values.getOrDefault("status", "created").toUpperCase(Locale.ROOT)),
                positive(values.get("pid")),
                positive(values.get("mon")),
                instant(values.get("started")),
                instant(values.get("finished")),
                number(values.get("exit")),
                "1".equals(values.get("oom")),
                number(values.get("restarts")).orElse(0),
                Health.valueOf(values.getOrDefault("health", "none").toUpperCase(Locale.ROOT)),
                values.getOrDefault("error", ""));
    }

    private static OptionalInt number(@Nullable String text) {
        return text == null || text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
    }

    private static OptionalInt positive(@Nullable String text) {
        var number = number(text);
        return number.isPresent() && number.getAsInt() > 0 ? number : OptionalInt.empty();
    }

    private static Optional<Instant> instant(@Nullable String nanos) {
        if (nanos == null || nanos.isEmpty() || nanos.equals("0")) {
            return Optional.empty();
        }
        long value = Long.parseLong(nanos);
        return Optional.of(Instant.ofEpochSecond(value / 1_000_000_000, value % 1_000_000_000));
    }

    /** The same container once nobody looks after it any more. */
    ContainerState lost() {
        return new ContainerState(
                Status.EXITED,
                OptionalInt.empty(),
                OptionalInt.empty(),
                started,
                finished,
                OptionalInt.of(UNKNOWN_EXIT),
                outOfMemory,
                restarts,
                health,
                error);
    }

    public boolean isAlive() {
        return status != Status.CREATED && status != Status.EXITED;
    }
}
