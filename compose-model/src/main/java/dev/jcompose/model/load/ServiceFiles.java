package dev.jcompose.model.load;

import dev.jcompose.model.interpolate.Variables;
import dev.jcompose.model.problem.Problems;
import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Mapping.Entry;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the {@code env_file} and {@code label_file} of services into their {@code environment} and {@code labels}. */
final class ServiceFiles {
    private final EnvFiles envFiles;
    private final ProjectEnvironment environment;
    private final Path directory;
    private final Problems problems;

    ServiceFiles(EnvFiles envFiles, ProjectEnvironment environment, Path directory, Problems problems) {
        this.envFiles = envFiles;
        this.environment = environment;
        this.directory = directory;
        this.problems = problems;
    }

    Mapping read(String name, Mapping service) {
        return withLabels(name, withVariables(name, service));
    }

    private Mapping withVariables(String name, Mapping service) {
        var files = service.sequence("env_file").map(Sequence::items).orElse(List.of());
        if (files.isEmpty()) {
            return service;
        }
        var own = service.mapping("environment").orElseGet(() -> Mapping.empty(service.at()));
        Map<String, String> read = Map.of();
        for (var item : files) {
            if (item instanceof Mapping file) {
                read = over(read, name, file, own);
            }
        }
        return service.without("env_file").with("environment", joined(files.getFirst(), read, own));
    }

    private Mapping joined(YamlNode files, Map<String, String> read, Mapping own) {
        var entries = new LinkedHashMap<String, Entry>();
        read.forEach((key, value) -> entries.put(key, new Entry(files.at(), YamlNode.text(files.at(), value))));
        entries.putAll(own.entries());
        return new Mapping(own.at(), entries);
    }

    private Map<String, String> over(Map<String, String> earlier, String name, Mapping file, Mapping own) {
        var path = directory.resolve(file.text("path").orElse(""));
        var place = "services." + name + ".env_file";
        if (!Files.exists(path)) {
            if (file.flag("required")) {
                problems.error(file.at(), place, "env file " + path + " not found");
            }
            return earlier;
        }
        Variables outer = variable -> environment.value(variable).or(() -> own.text(variable));
        var format = file.text("format").orElse("");
        if (format.isEmpty()) {
            return envFiles.readOver(earlier, path, file.at(), outer);
        }
        if (!format.equals("raw")) {
            problems.error(file.at(), place, "unsupported env_file format \"" + format + "\" (raw, or leave it out)");
            return earlier;
        }
        var merged = new LinkedHashMap<>(earlier);
        merged.putAll(envFiles.readRaw(path, file.at(), environment));
        return merged;
    }

    private Mapping withLabels(String name, Mapping service) {
        var files = service.sequence("label_file").map(Sequence::items).orElse(List.of());
        if (files.isEmpty()) {
            return service;
        }
        var own = service.mapping("labels").orElseGet(() -> Mapping.empty(service.at()));
        var entries = new LinkedHashMap<String, Entry>();
        for (var item : files) {
            var path = directory.resolve(((Scalar) item).text());
            if (!Files.exists(path)) {
                problems.error(item.at(), "services." + name + ".label_file", "label file " + path + " not found");
                continue;
            }
            var read = envFiles.read(path, item.at(), environment);
            read.forEach((key, value) -> entries.put(key, new Entry(item.at(), YamlNode.text(item.at(), value))));
        }
        entries.putAll(own.entries());
        return service.without("label_file").with("labels", new Mapping(own.at(), entries));
    }
}
