package dev.jcompose.model.yaml;

import dev.jcompose.model.problem.Position;
import dev.jcompose.model.problem.Problems;
import dev.jcompose.model.yaml.Mapping.Entry;
import dev.jcompose.model.yaml.Mapping.Mark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;

/**
 * Builds the nodes of one file from parser events. An alias shares its anchor's node, so reading a small file is cheap
 * whatever it expands to; what it would expand to is counted and bounded, because later steps visit every use.
 */
final class NodeBuilder {
    private static final int DEEPEST = 250;
    private static final long MOST_EXPANDED = 1_000_000;
    private static final String STANDARD_TAG = "tag:yaml.org,2002:";

    private final String file;
    private final Iterator<Event> events;
    private final Problems problems;
    private final Map<String, Optional<Built>> anchors = new HashMap<>();
    private final List<String> path = new ArrayList<>();
    private long expanded;
    private int depth;

    /** A node, its merge mark and how many nodes a full visit of it sees. */
    private record Built(YamlNode node, Mark mark, long size) {}

    NodeBuilder(String file, Iterator<Event> events, Problems problems) {
        this.file = file;
        this.events = events;
        this.problems = problems;
    }

    List<YamlNode> documents() {
        var documents = new ArrayList<YamlNode>();
        while (events.hasNext()) {
            var event = events.next();
            switch (event.getEventId()) {
                case DocumentStart -> anchors.clear();
                case StreamStart, StreamEnd, DocumentEnd, Comment -> {}
                default -> documents.add(build(event).node());
            }
        }
        return documents;
    }

    private Built build(Event event) {
        if (event instanceof ScalarEvent scalar) {
            return remember(scalar.getAnchor(), scalar(scalar));
        }
        return event instanceof AliasEvent alias ? alias(alias) : collection((CollectionStartEvent) event);
    }

    private Built collection(CollectionStartEvent start) {
        if (++depth > DEEPEST) {
            throw problems.fatal(at(start), "", "nested deeper than " + DEEPEST + " levels");
        }
        start.getAnchor().ifPresent(anchor -> anchors.put(anchor.getValue(), Optional.empty()));
        var built = start instanceof SequenceStartEvent sequence
                ? sequence(sequence)
                : new MappingBuilder((MappingStartEvent) start).build();
        depth--;
        return remember(start.getAnchor(), built);
    }

    private Built remember(Optional<Anchor> anchor, Built built) {
        anchor.ifPresent(name -> anchors.put(name.getValue(), Optional.of(built)));
        return built;
    }

    private Built alias(AliasEvent alias) {
        var name = alias.getAlias().getValue();
        var target = anchors.get(name);
        if (target == null) {
            throw problems.fatal(at(alias), path(), "the anchor \"" + name + "\" is not defined");
        }
        var built = target.orElseThrow(
                () -> problems.fatal(at(alias), path(), "the anchor \"" + name + "\" contains itself"));
        expanded += built.size();
        if (expanded > MOST_EXPANDED) {
            throw problems.fatal(
                    at(alias), path(), "aliases expand this file to more than " + MOST_EXPANDED + " values");
        }
        return built;
    }

    private Built scalar(ScalarEvent event) {
        var tag = event.getTag();
        var mark = mark(tag);
        var node = mark == Mark.NONE ? tagged(event, tag.orElse("")) : tagged(event, "");
        return new Built(node, mark, 1);
    }

    private Scalar tagged(ScalarEvent event, String tag) {
        var kind = tag.startsWith(STANDARD_TAG) ? tag.substring(STANDARD_TAG.length()) : tag;
        return switch (kind) {
            case "" -> event.isPlain() ? resolved(event) : YamlNode.text(at(event), event.getValue());
            case "int", "float", "bool", "null" -> resolved(event);
            default -> YamlNode.text(at(event), event.getValue());
        };
    }

    private Scalar resolved(ScalarEvent event) {
        var meaning = ScalarResolver.resolve(event.getValue());
        return new Scalar(at(event), meaning.text(), meaning.kind());
    }

    private Built sequence(SequenceStartEvent start) {
        var items = new ArrayList<YamlNode>();
        long size = 1;
        for (var event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            if (event.getEventId() == Event.ID.Comment) {
                continue;
            }
            var item = build(event);
            size += item.size();
            if (item.mark() != Mark.RESET) {
                items.add(item.node());
            }
        }
        return new Built(new Sequence(at(start), items), mark(start.getTag()), size);
    }

    private static Mark mark(Optional<String> tag) {
        if (tag.isEmpty()) {
            return Mark.NONE;
        }
        return switch (tag.get()) {
            case "!reset" -> Mark.RESET;
            case "!override" -> Mark.OVERRIDE;
            default -> Mark.NONE;
        };
    }

    private String path() {
        return String.join(".", path);
    }

    private Position at(Event event) {
        return event.getStartMark()
                .map(mark -> YamlReader.position(file, mark))
                .orElseGet(() -> new Position(file, 1, 1));
    }

    /** One mapping while it is read: own keys beat those of merge keys, wherever the merge key stands. */
    private final class MappingBuilder {
        private final MappingStartEvent start;
        private final Map<String, Entry> entries = new LinkedHashMap<>();
        private final Map<String, Position> own = new HashMap<>();
        private long size = 1;

        MappingBuilder(MappingStartEvent start) {
            this.start = start;
        }

        Built build() {
            for (var event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
                if (event.getEventId() != Event.ID.Comment) {
                    entry(event);
                }
            }
            return new Built(new Mapping(at(start), entries), mark(start.getTag()), size);
        }

        private void entry(Event keyEvent) {
            var key = build(keyEvent);
            if (!(key.node() instanceof Scalar name)) {
                throw problems.fatal(
                        at(keyEvent),
                        "",
                        "a key must be a single value, not " + key.node().describe());
            }
            path.add(name.text());
            var value = NodeBuilder.this.build(next());
            path.removeLast();
            size += value.size();
            if (isMergeKey(keyEvent)) {
                merge(at(keyEvent), value.node());
                return;
            }
            var text = keyText(keyEvent, name);
            var first = own.putIfAbsent(text, at(keyEvent));
            if (first != null) {
                problems.error(at(keyEvent), path(), "the key \"" + text + "\" is already set in line " + first.line());
            }
            entries.put(text, new Entry(at(keyEvent), value.node(), value.mark()));
        }

        private Built build(Event event) {
            return NodeBuilder.this.build(event);
        }

        private Event next() {
            var event = events.next();
            while (event.getEventId() == Event.ID.Comment) {
                event = events.next();
            }
            return event;
        }

        private boolean isMergeKey(Event event) {
            return event instanceof ScalarEvent scalar
                    && scalar.isPlain()
                    && scalar.getValue().equals("<<");
        }

        /** A key is what was written; a number or boolean must be quoted. */
        private String keyText(Event event, Scalar name) {
            if (name.kind() == Scalar.Kind.TEXT || !(event instanceof ScalarEvent written)) {
                return name.text();
            }
            problems.error(
                    at(event),
                    path(),
                    "non-string key " + written.getValue() + " (quote it: \"" + written.getValue() + "\")");
            return written.getValue();
        }

        private void merge(Position at, YamlNode value) {
            switch (value) {
                case Mapping mapping -> mapping.entries().forEach((key, entry) -> entries.putIfAbsent(key, entry));
                case Sequence sequence ->
                    sequence.items().forEach(item -> {
                        if (item instanceof Mapping) {
                            merge(at, item);
                        } else {
                            problems.error(at, path(), "\"<<\" merges mappings, not " + item.describe());
                        }
                    });
                case Scalar scalar -> problems.error(at, path(), "\"<<\" merges mappings, not " + scalar.describe());
            }
        }
    }
}
