package dev.jcompose.cli.command;

import static java.util.stream.Collectors.joining;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.Parsing;
import dev.jcompose.cli.option.ProjectSelection;
import dev.jcompose.cli.output.Console;
import dev.jcompose.cli.output.Json;
import dev.jcompose.runtime.Activity.Event;
import dev.jcompose.runtime.Backend;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** {@code events}: what happens to containers, as it happens. */
public final class EventsCommand implements Command {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneId.systemDefault());

    private final Options options = new Options("Show what happens to containers");
    private final Flag json = options.flag("As JSON, one object a line", "--json");
    private final Value since = options.value("TIME", "Also what happened since then", "--since");
    private final Value until = options.value("TIME", "Only what happens until then", "--until");
    private final Values services = options.arguments("[SERVICE...]");

    private final ProjectSelection projects;
    private final Supplier<Backend> backends;
    private final Console console;

    public EventsCommand(ProjectSelection projects, Supplier<Backend> backends, Console console) {
        this.projects = projects;
        this.backends = backends;
        this.console = console;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        var now = Instant.now();
        var from =
                since.get().map(value -> Parsing.moment("--since", value, now)).orElse(now);
        Optional<Instant> end = until.get().map(value -> Parsing.moment("--until", value, now));
        var project = projects.select().name();
        try (var backend = backends.get()) {
            var events = backend.activity().events(project);
            boolean over;
            do {
                over = end.isPresent() && !Instant.now().isBefore(end.get());
                events.read(event -> {
                    if (isWanted(event, from, end)) {
                        console.out().println(json.isSet() ? json(event) : line(event));
                    }
                });
                console.flush();
                if (!over) {
                    Thread.sleep(BETWEEN_LOOKS);
                }
            } while (!over && !console.out().checkError());
        }
        return 0;
    }

    private boolean isWanted(Event event, Instant from, Optional<Instant> end) {
        return !event.at().isBefore(from)
                && end.map(limit -> !event.at().isAfter(limit)).orElse(true)
                && (services.all().isEmpty() || services.all().contains(event.service()));
    }

    private static String line(Event event) {
        var attributes = new TreeMap<>(event.attributes())
                .entrySet().stream()
                        .map(attribute -> attribute.getKey() + "=" + attribute.getValue())
                        .collect(joining(", "));
        return "%s container %s %s (%s)".formatted(LOCAL.format(event.at()), event.action(), event.id(), attributes);
    }

    private static String json(Event event) {
        var object = new LinkedHashMap<String, Object>();
        object.put("action", event.action());
        object.put("attributes", new TreeMap<>(event.attributes()));
        object.put("id", event.id());
        object.put("service", event.service());
        object.put("time", event.at().toString());
        object.put("type", "container");
        return Json.of(object);
    }
}
