package dev.jcompose.runtime.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the native backend makes of each attribute: the text beside this class, read once. */
final class AttributeTable {
    private static final Set<String> CONTROLLERS = Set.of("cpu", "cpuset", "memory", "pids");

    private final Map<String, String> words;

    private AttributeTable(Map<String, String> words) {
        this.words = words;
    }

    static AttributeTable read() {
        return read("attributes.txt");
    }

    /** The table of a resource, named as seen from this class. */
    static AttributeTable read(String resource) {
        Map<String, String> words = HashMap.newHashMap(256);
        var below = "";
        for (var line : text(resource).split("\n", 0)) {
            if (line.startsWith("[")) {
                below = line.equals("[]") ? "" : line.substring(1, line.length() - 1) + ".";
            } else if (!line.startsWith("#")) {
                int space = line.indexOf(' ');
                words.put(
                        below + line.substring(0, space), line.substring(space).strip());
            }
        }
        return new AttributeTable(words);
    }

    private static String text(String resource) {
        try (var in = AttributeTable.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no " + resource);
            }
            return new String(in.readAllBytes(), US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether something acts on an attribute, such as {@code services.*.build.args}. */
    boolean honours(String path) {
        return word(path).isPresent();
    }

    /** The control group an attribute needs, if it needs one. */
    Optional<String> controller(String path) {
        return word(path).filter(CONTROLLERS::contains);
    }

    /** The entries as they stand in the text, with their words. */
    Map<String, String> entries() {
        return words;
    }

    /** The entry itself, else the nearest parent's that speaks for everything below it ({@code build.*}). */
    Optional<String> word(String path) {
        var exact = words.get(path);
        if (exact != null) {
            return Optional.of(exact);
        }
        for (int dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
            var below = words.get(path.substring(0, dot) + ".*");
            if (below != null) {
                return Optional.of(below);
            }
        }
        return Optional.empty();
    }
}
