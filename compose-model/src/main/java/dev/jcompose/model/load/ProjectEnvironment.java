package dev.jcompose.model.load;

import dev.jcompose.model.interpolate.Variables;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The variables a project's files see, first come first served. */
final class ProjectEnvironment implements Variables {
    private final Map<String, String> values;

    private ProjectEnvironment(Map<String, String> values) {
        this.values = values;
    }

    static ProjectEnvironment of(Map<String, String> process) {
        return new ProjectEnvironment(new LinkedHashMap<>(process));
    }

    /** The same variables and {@code defaults} for those that are not set. */
    ProjectEnvironment withDefaults(Map<String, String> defaults) {
        var merged = new LinkedHashMap<>(values);
        defaults.forEach(merged::putIfAbsent);
        return new ProjectEnvironment(merged);
    }

    ProjectEnvironment with(String name, String value) {
        var merged = new LinkedHashMap<>(values);
        merged.put(name, value);
        return new ProjectEnvironment(merged);
    }

    @Override
    public Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** A value that is set and not empty. */
    Optional<String> setting(String name) {
        return value(name).filter(value -> !value.isEmpty());
    }

    boolean flag(String name) {
        return setting(name)
                .map(value -> value.equals("1") || value.equalsIgnoreCase("true"))
                .orElse(false);
    }

    Map<String, String> asMap() {
        return values;
    }
}
