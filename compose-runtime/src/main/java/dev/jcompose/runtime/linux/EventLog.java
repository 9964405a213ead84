package dev.jcompose.runtime.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jcompose.runtime.Activity.Event;
import dev.jcompose.runtime.Activity.EventReader;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.linux.shim.DurableFile;
import dev.jcompose.runtime.linux.shim.NativeLayout;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What happens to a project's containers, in {@code RUN/events}: monitors append what they see, we what only commands do. The file
 * before the last is kept, and outlives the project's containers.
 */
final class EventLog {
    private static final long NANOS = 1_000_000_000L;

    private final NativeLayout layout;

    EventLog(NativeLayout layout) {
        this.layout = layout;
    }

    /** Notes something a command has done to a container. */
    void note(ContainerPlan plan, String action) {
        var now = Instant.now();
        long nanos = now.getEpochSecond() * NANOS + now.getNano();
        var line = "%d %s %s name=%s service=%s image=%s\n"
                .formatted(
                        nanos,
                        plan.id(),
                        action,
                        word(plan.name()),
                        word(plan.text("x-service")),
                        word(plan.text("x-image")));
        var file = file(plan.project());
        try {
            Files.createDirectories(layout.run().resolve("events"));
            Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new BackendException("cannot write " + file + ": " + DurableFile.reason(e), e);
        }
    }

    private static String word(String text) {
        return text.replaceAll("\\s", "_");
    }

    private Path file(String project) {
        return layout.run().resolve("events").resolve(project);
    }

    EventReader reader(String project) {
        return new Reader(file(project));
    }

    /** Follows the file over its renewal. */
    private static final class Reader implements EventReader {
        private final Path file;
        private final Map<String, Map<String, String>> known = new HashMap<>();
        private boolean begun;
        private Object key = "";
        private long at;

        Reader(Path file) {
            this.file = file;
        }

        @Override
        public int read(Consumer<Event> sink) {
            List<String> lines = new ArrayList<>();
            var before = file.resolveSibling(file.getFileName() + ".1");
            try {
                if (!begun) {
                    begun = true;
                    rest(before, 0, lines);
                }
                var now = keyOf(file);
                if (!now.equals(key)) {
                    if (keyOf(before).equals(key)) {
                        rest(before, at, lines);
                    }
                    key = now;
                    at = 0;
                }
                at += rest(file, at, lines);
            } catch (IOException e) {
                throw new BackendException("cannot read " + file + ": " + DurableFile.reason(e), e);
            }
            lines.forEach(line -> sink.accept(event(line)));
            return lines.size();
        }

        private static Object keyOf(Path path) throws IOException {
            return Files.exists(path) ? Files.getAttribute(path, "unix:ino") : "";
        }

        /** Whole lines from a place on; returns how many bytes they were. */
        private static long rest(Path path, long from, List<String> lines) throws IOException {
            try (var channel = FileChannel.open(path)) {
                var in = Channels.newInputStream(channel.position(from));
                var text = new String(in.readAllBytes(), UTF_8);
                var whole = text.substring(0, text.lastIndexOf('\n') + 1);
                whole.lines().filter(line -> line.split(" ", -1).length > 2).forEach(lines::add);
                return whole.getBytes(UTF_8).length;
            } catch (NoSuchFileException e) {
                return 0;
            }
        }

        private Event event(String line) {
            var words = line.split(" ", -1);
            long nanos = Long.parseLong(words[0]);
            var id12 = words[1].substring(0, 12);
            Map<String, String> own = new HashMap<>();
            for (int i = 3; i < words.length; i++) {
                int equals = words[i].indexOf('=');
                own.put(words[i].substring(0, equals), words[i].substring(equals + 1));
            }
            if (own.containsKey("service")) {
                own.put("id", words[1]);
                known.put(id12, Map.copyOf(own));
            }
            Map<String, String> attributes = new HashMap<>(known.getOrDefault(id12, Map.of()));
            attributes.putAll(own);
            var id = attributes.getOrDefault("id", words[1]);
            var service = attributes.getOrDefault("service", "");
            attributes.keySet().removeAll(List.of("id", "service"));
            return new Event(
                    Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS),
                    id,
                    service,
                    words[2].replace("status:", "status: "),
                    attributes);
        }
    }
}
