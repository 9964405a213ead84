package dev.jcompose.runtime.oci;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.jcompose.model.Healthcheck;
import dev.jcompose.runtime.BackendException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** How an {@link ImageDocument} looks in JSON, with Docker's extensions (healthcheck, shell, onbuild). */
final class ImageDocuments {
    private ImageDocuments() {}

    static ImageDocument read(Json json) {
        return new ImageDocument(
                instant(json.get("created")),
                json.get("architecture").text().orElse(""),
                json.get("os").text().orElse("linux"),
                config(json.get("config")),
                json.get("rootfs").get("diff_ids").texts().stream()
                        .map(Digest::parse)
                        .toList(),
                json.get("history").items().stream()
                        .map(ImageDocuments::history)
                        .toList());
    }

    private static ImageDocument.History history(Json json) {
        return new ImageDocument.History(
                instant(json.get("created")),
                json.get("created_by").text().orElse(""),
                json.get("empty_layer").isTrue(),
                json.get("author").text().orElse(""),
                json.get("comment").text().orElse(""));
    }

    private static Optional<Instant> instant(Json json) {
        try {
            return json.text()
                    .filter(t -> !t.isEmpty())
                    .map(t -> OffsetDateTime.parse(t).toInstant());
        } catch (DateTimeParseException e) {
            throw new BackendException("not a valid image document: " + e.getMessage(), e);
        }
    }

    private static ImageConfig config(Json json) {
        var labels = new LinkedHashMap<String, String>();
        json.get("Labels")
                .members()
                .forEach((key, value) -> labels.put(key, value.text().orElse("")));
        return new ImageConfig(
                json.get("Env").texts(),
                json.get("Entrypoint").texts(),
                json.get("Cmd").texts(),
                json.get("User").text().orElse(""),
                json.get("WorkingDir").text().orElse(""),
                List.copyOf(json.get("ExposedPorts").members().keySet()),
                List.copyOf(json.get("Volumes").members().keySet()),
                labels,
                json.get("StopSignal").text().filter(s -> !s.isEmpty()),
                healthcheck(json.get("Healthcheck")),
                json.get("Shell").texts(),
                json.get("OnBuild").texts());
    }

    private static Optional<Healthcheck> healthcheck(Json json) {
        if (json.members().isEmpty()) {
            return Optional.empty();
        }
        var test = json.get("Test").texts();
        int retries = (int) json.get("Retries").number(0);
        return Optional.of(new Healthcheck(
                test,
                duration(json.get("Interval")),
                duration(json.get("Timeout")),
                retries == 0 ? OptionalInt.empty() : OptionalInt.of(retries),
                duration(json.get("StartPeriod")),
                duration(json.get("StartInterval")),
                test.equals(List.of("NONE"))));
    }

    private static Optional<Duration> duration(Json json) {
        long nanos = json.number(0);
        return nanos == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }

    static byte[] write(ImageDocument document) {
        return JsonWriter.object(out -> {
            if (document.created().isPresent()) {
                out.writeStringField("created", document.created().get().toString());
            }
            out.writeStringField("architecture", document.architecture());
            out.writeStringField("os", document.os());
            out.writeObjectFieldStart("config");
            write(out, document.config());
            out.writeEndObject();
            out.writeObjectFieldStart("rootfs");
            out.writeStringField("type", "layers");
            out.writeArrayFieldStart("diff_ids");
            for (var id : document.diffIds()) {
                out.writeString(id.toString());
            }
            out.writeEndArray();
            out.writeEndObject();
            writeHistory(out, document.history());
        });
    }

    private static void writeHistory(JsonGenerator out, List<ImageDocument.History> history) throws IOException {
        out.writeArrayFieldStart("history");
        for (var step : history) {
            out.writeStartObject();
            if (step.created().isPresent()) {
                out.writeStringField("created", step.created().get().toString());
            }
            JsonWriter.text(out, "created_by", step.createdBy());
            JsonWriter.text(out, "author", step.author());
            JsonWriter.text(out, "comment", step.comment());
            if (step.emptyLayer()) {
                out.writeBooleanField("empty_layer", true);
            }
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    static void write(JsonGenerator out, ImageConfig config) throws IOException {
        JsonWriter.text(out, "User", config.user());
        JsonWriter.set(out, "ExposedPorts", config.exposedPorts());
        JsonWriter.texts(out, "Env", config.env());
        JsonWriter.texts(out, "Entrypoint", config.entrypoint());
        JsonWriter.texts(out, "Cmd", config.cmd());
        JsonWriter.set(out, "Volumes", config.volumes());
        JsonWriter.text(out, "WorkingDir", config.workingDir());
        JsonWriter.map(out, "Labels", config.labels());
        JsonWriter.text(out, "StopSignal", config.stopSignal().orElse(""));
        if (config.healthcheck().isPresent()) {
            write(out, config.healthcheck().get());
        }
        JsonWriter.texts(out, "Shell", config.shell());
        JsonWriter.texts(out, "OnBuild", config.onBuild());
    }

    private static void write(JsonGenerator out, Healthcheck check) throws IOException {
        out.writeObjectFieldStart("Healthcheck");
        JsonWriter.texts(out, "Test", check.test());
        write(out, "Interval", check.interval());
        write(out, "Timeout", check.timeout());
        write(out, "StartPeriod", check.startPeriod());
        write(out, "StartInterval", check.startInterval());
        if (check.retries().isPresent()) {
            out.writeNumberField("Retries", check.retries().getAsInt());
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, String key, Optional<Duration> duration) throws IOException {
        if (duration.isPresent()) {
            out.writeNumberField(key, duration.get().toNanos());
        }
    }
}
