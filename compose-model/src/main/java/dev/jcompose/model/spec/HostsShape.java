package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;

/** {@code extra_hosts}: names with addresses in several notations; canonically a list of {@code name=address}. */
final class HostsShape implements Shape {
    @Override
    public YamlNode canonical(YamlNode raw, Place place) {
        if (place.literal() && raw instanceof Sequence) {
            return raw;
        }
        var lines = new ArrayList<YamlNode>();
        switch (raw) {
            case Mapping mapping ->
                mapping.entries().forEach((host, entry) -> {
                    for (var address : addresses(entry.value(), place.child(host))) {
                        add(host, address, place.child(host), lines);
                    }
                });
            case Sequence sequence -> items(sequence, place, lines);
            case Scalar scalar -> place.expected("a mapping or a list of name=address", scalar);
        }
        return new Sequence(raw.at(), lines);
    }

    private static List<Scalar> addresses(YamlNode value, Place place) {
        if (value instanceof Scalar scalar && scalar.kind() == Scalar.Kind.TEXT) {
            return List.of(scalar);
        }
        if (value instanceof Sequence sequence && sequence.items().stream().allMatch(Scalar.class::isInstance)) {
            return sequence.items().stream().map(Scalar.class::cast).toList();
        }
        place.expected("an address or a list of addresses", value);
        return List.of();
    }

    private static void items(Sequence sequence, Place place, List<YamlNode> lines) {
        var seen = new HashSet<String>();
        for (int i = 0; i < sequence.items().size(); i++) {
            var item = sequence.items().get(i);
            if (!(item instanceof Scalar scalar) || scalar.kind() != Scalar.Kind.TEXT) {
                place.item(i).expected("a string name=address", item);
            } else if (!seen.add(scalar.text())) {
                place.item(i).error(item, scalar.describe() + " is listed twice; the items must be unique");
            } else {
                line(scalar, place.item(i), lines);
            }
        }
    }

    private static void line(Scalar line, Place place, List<YamlNode> lines) {
        int equals = line.text().indexOf('=');
        int separator = equals >= 0 ? equals : line.text().indexOf(':');
        if (separator < 0) {
            place.error(line, line.describe() + " has no address (write name=address)");
            return;
        }
        for (var address : line.text().substring(separator + 1).split(",", -1)) {
            add(line.text().substring(0, separator), line.withText(address), place, lines);
        }
    }

    private static void add(String host, Scalar address, Place place, List<YamlNode> lines) {
        if (host.isEmpty()) {
            place.error(address, "the host name before the address is missing");
            return;
        }
        var text = address.text();
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        lines.add(address.withText(host + "=" + (bracketed ? text.substring(1, text.length() - 1) : text)));
    }

    @Override
    public YamlNode merge(YamlNode base, YamlNode over) {
        if (!(base instanceof Sequence first) || !(over instanceof Sequence second)) {
            return over;
        }
        var kept = new LinkedHashSet<String>();
        var merged = new ArrayList<YamlNode>();
        for (var sequence : List.of(first, second)) {
            for (var item : sequence.items()) {
                if (item instanceof Scalar scalar && kept.add(scalar.text())) {
                    merged.add(item);
                }
            }
        }
        return new Sequence(second.at(), merged);
    }

    @Override
    public YamlNode finish(YamlNode node, Format format) {
        return node instanceof Sequence sequence
                ? new Sequence(
                        sequence.at(),
                        sequence.items().stream()
                                .sorted((a, b) -> ((Scalar) a).text().compareTo(((Scalar) b).text()))
                                .toList())
                : node;
    }
}
