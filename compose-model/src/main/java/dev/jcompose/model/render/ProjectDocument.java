package dev.jcompose.model.render;

import dev.jcompose.model.problem.Problem;
import dev.jcompose.model.spec.ComposeFile;
import dev.jcompose.model.spec.Shape;
import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * The whole model in canonical form, as {@code config} shows it.
 *
 * @param model what is printed
 * @param profiles every profile a service names, sorted
 * @param escaped whether variables were filled in, so that every dollar left is a literal one and printed twice
 */
public record ProjectDocument(
        String name, Mapping model, List<String> profiles, boolean escaped, List<Problem> warnings) {
    public ProjectDocument {
        profiles = List.copyOf(profiles);
        warnings = List.copyOf(warnings);
    }

    public String yaml() {
        return dollars(YamlWriter.write(escaped ? finished(model, Shape.Format.YAML) : model));
    }

    public String json() {
        return dollars(JsonWriter.write(
                escaped ? withExtensions(finished(model.without("models"), Shape.Format.JSON)) : model));
    }

    private static Mapping finished(Mapping model, Shape.Format format) {
        return (Mapping) ComposeFile.root().finish(model, format);
    }

    private String dollars(String text) {
        return escaped ? text.replace("$", "$$") : text;
    }

    private Mapping withExtensions(Mapping finished) {
        var all = finished;
        for (var entry : model.entries().entrySet()) {
            if (entry.getKey().startsWith("x-")) {
                all = all.with(entry.getKey(), entry.getValue().value());
            }
        }
        return all;
    }

    /** The document with another image wherever a service has one. */
    public ProjectDocument withImages(UnaryOperator<String> replacement) {
        var changed = model.changeEach(
                "services",
                service -> service.change(
                        "image",
                        node -> node instanceof Scalar image && !image.text().isEmpty()
                                ? image.withText(replacement.apply(image.text()))
                                : node));
        return new ProjectDocument(name, changed, profiles, escaped, warnings);
    }

    /** The services with their images and nothing else: an override file. */
    public ProjectDocument imagesOnly() {
        var images = model.changeEach(
                "services",
                service -> service.get("image")
                        .map(image -> Mapping.empty(service.at()).with("image", image))
                        .orElseGet(() -> Mapping.empty(service.at())));
        var only = images.mapping("services").orElseGet(() -> Mapping.empty(model.at()));
        return new ProjectDocument(name, Mapping.empty(model.at()).with("services", only), profiles, escaped, warnings);
    }

    /** The keys below {@code services}, {@code volumes}, {@code networks} or another top-level key, sorted. */
    public List<String> keys(String kind) {
        return model.mapping(kind)
                .map(all -> List.copyOf(new TreeSet<>(all.entries().keySet())))
                .orElse(List.of());
    }

    /** The image of every service, in the order of the services' names. */
    public List<String> images() {
        var found = new ArrayList<String>();
        for (var key : keys("services")) {
            model.mapping("services")
                    .flatMap(all -> all.mapping(key))
                    .ifPresent(service -> found.add(service.text("image").orElse(name + "-" + key)));
        }
        return found;
    }

    /** The model each top-level entry of {@code models} names. */
    public List<String> models() {
        var found = new ArrayList<String>();
        for (var key : keys("models")) {
            model.mapping("models")
                    .flatMap(all -> all.mapping(key))
                    .flatMap(one -> one.text("model"))
                    .ifPresent(found::add);
        }
        return found;
    }
}
