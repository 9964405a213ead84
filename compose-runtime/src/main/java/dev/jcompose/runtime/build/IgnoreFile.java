package dev.jcompose.runtime.build;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which files of a build context are left out ({@code .dockerignore}). The last rule that matches a path, or a directory
 * it is in, decides.
 */
public final class IgnoreFile {
    public static final IgnoreFile NOTHING = new IgnoreFile(List.of());

    private final List<Rule> rules;

    private record Rule(Pattern pattern, boolean keep) {}

    private IgnoreFile(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** Reads the lines of an ignore file. */
    public static IgnoreFile parse(String text, String file) {
        var rules = new ArrayList<Rule>();
        int number = 0;
        for (var line : text.lines().toList()) {
            number++;
            var pattern = (number == 1 && line.startsWith("\ufeff") ? line.substring(1) : line);
            if (!pattern.startsWith("#") && !pattern.isBlank()) {
                add(new Place(file, number), pattern.strip(), rules);
            }
        }
        return new IgnoreFile(rules);
    }

    /** Rules given one by one, as by {@code COPY --exclude}. */
    public static IgnoreFile of(Place place, List<String> patterns) {
        var rules = new ArrayList<Rule>();
        patterns.forEach(pattern -> add(place, pattern, rules));
        return new IgnoreFile(rules);
    }

    private static void add(Place place, String text, List<Rule> rules) {
        boolean keep = text.startsWith("!");
        var path = clean(keep ? text.substring(1).strip() : text);
        if (keep && path.isEmpty()) {
            throw new BuildException(place, "\"!\" alone excludes nothing");
        }
        if (!path.isEmpty() && !path.equals(".")) {
            rules.add(new Rule(PathPattern.compile(place, path, true), keep));
        }
    }

    private static String clean(String pattern) {
        if (pattern.isEmpty()) {
            return "";
        }
        return Path.of("/").resolve(pattern).normalize().toString().substring(1);
    }

    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /** Whether a directory that is left out may still hold something that is kept. */
    public boolean keepsSome() {
        return rules.stream().anyMatch(Rule::keep);
    }

    /** Whether a path relative to the context is left out. */
    public boolean ignores(String path) {
        boolean ignored = false;
        for (var rule : rules) {
            if (rule.keep() == ignored && matches(rule.pattern(), path)) {
                ignored = !rule.keep();
            }
        }
        return ignored;
    }

    private static boolean matches(Pattern pattern, String path) {
        for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
            if (pattern.matcher(path.substring(0, end)).matches()) {
                return true;
            }
        }
        return false;
    }
}
