package dev.jcompose.runtime.linux.image;

import dev.jcompose.model.Healthcheck;
import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.oci.ImageConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * All that the start of a container needs to know of an image, in a form that is read without a JSON parser: one small
 * file per image, derived from its blobs and made again when it is missing or of another version.
 *
 * @param blobs everything the image consists of, to be kept as long as it is
 */
record ImageRecord(
        Digest id,
        Digest manifest,
        Instant created,
        long size,
        ImageConfig config,
        List<Digest> chainIds,
        List<Digest> blobs) {
    private static final String VERSION = "1";

    ImageRecord {
        chainIds = List.copyOf(chainIds);
        blobs = List.copyOf(blobs);
    }

    byte[] write() {
        var fields = new RecordFields();
        fields.put("id", id.hex());
        fields.put("manifest", manifest.hex());
        fields.put("created", created.toString());
        fields.put("size", String.valueOf(size));
        fields.put("chain-ids", hex(chainIds));
        fields.put("blobs", hex(blobs));
        writeConfig(fields);
        return fields.write(VERSION);
    }

    private void writeConfig(RecordFields fields) {
        fields.put("env", config.env());
        fields.put("entrypoint", config.entrypoint());
        fields.put("cmd", config.cmd());
        fields.put("user", config.user());
        fields.put("working-dir", config.workingDir());
        fields.put("exposed-ports", config.exposedPorts());
        fields.put("volumes", config.volumes());
        fields.put("labels", config.labels());
        fields.put("stop-signal", config.stopSignal().stream().toList());
        fields.put("shell", config.shell());
        fields.put("on-build", config.onBuild());
        config.healthcheck().ifPresent(check -> writeHealthcheck(fields, check));
    }

    private static void writeHealthcheck(RecordFields fields, Healthcheck check) {
        fields.put("health-test", check.test());
        fields.put("health-interval", text(check.interval()));
        fields.put("health-timeout", text(check.timeout()));
        fields.put("health-start-period", text(check.startPeriod()));
        fields.put("health-start-interval", text(check.startInterval()));
        fields.put("health-retries", String.valueOf(check.retries().orElse(0)));
    }

    private static List<String> text(Optional<Duration> duration) {
        return duration.map(d -> String.valueOf(d.toNanos())).stream().toList();
    }

    private static List<String> hex(List<Digest> digests) {
        return digests.stream().map(Digest::hex).toList();
    }

    /** Empty when the bytes are damaged or of another version. */
    static Optional<ImageRecord> read(byte[] bytes) {
        return RecordFields.read(bytes, VERSION).map(ImageRecord::from);
    }

    private static ImageRecord from(RecordFields fields) {
        return new ImageRecord(
                new Digest(fields.text("id")),
                new Digest(fields.text("manifest")),
                Instant.parse(fields.text("created")),
                Long.parseLong(fields.text("size")),
                config(fields),
                digests(fields.texts("chain-ids")),
                digests(fields.texts("blobs")));
    }

    private static ImageConfig config(RecordFields fields) {
        return new ImageConfig(
                fields.texts("env"),
                fields.texts("entrypoint"),
                fields.texts("cmd"),
                fields.text("user"),
                fields.text("working-dir"),
                fields.texts("exposed-ports"),
                fields.texts("volumes"),
                fields.map("labels"),
                fields.texts("stop-signal").stream().findFirst(),
                fields.has("health-test") ? Optional.of(healthcheck(fields)) : Optional.empty(),
                fields.texts("shell"),
                fields.texts("on-build"));
    }

    private static Healthcheck healthcheck(RecordFields fields) {
        var test = fields.texts("health-test");
        int retries = Integer.parseInt(fields.text("health-retries"));
        return new Healthcheck(
                test,
                duration(fields.texts("health-interval")),
                duration(fields.texts("health-timeout")),
                retries == 0 ? OptionalInt.empty() : OptionalInt.of(retries),
                duration(fields.texts("health-start-period")),
                duration(fields.texts("health-start-interval")),
                test.equals(List.of("NONE")));
    }

    private static Optional<Duration> duration(List<String> nanos) {
        return nanos.stream().findFirst().map(n -> Duration.ofNanos(Long.parseLong(n)));
    }

    private static List<Digest> digests(List<String> hex) {
        return hex.stream().map(Digest::new).toList();
    }
}
