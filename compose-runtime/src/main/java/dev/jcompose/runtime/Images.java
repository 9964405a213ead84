package dev.jcompose.runtime;

import dev.jcompose.model.Build;
import dev.jcompose.model.FileConfig;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** What a backend can do with images. */
public interface Images {
    /** Fetches an image; {@code platform} such as {@code linux/arm64} is this machine's or the user's usual one when empty. */
    void pull(String reference, Optional<String> platform, Consumer<LayerProgress> progress)
            throws InterruptedException;

    /** Gives an image of this machine to the registry its name says. */
    void push(String reference, Consumer<LayerProgress> progress) throws InterruptedException;

    /** Builds and tags an image; progress lines are the steps' own ({@code [2/5] COPY web /web}). */
    void build(BuildRequest request, Consumer<String> progress) throws InterruptedException;

    /** Takes in a {@code docker save} or OCI archive and returns the references it named. */
    List<String> load(Path archive);

    /** Makes an image of one layer from a root file system tar (may be gzipped). */
    void importRootfs(Path tar, String reference);

    List<ImageSummary> list();

    void remove(String reference);

    /**
     * An image to be built.
     *
     * @param reference the name it gets, beside {@code build.tags}
     * @param labels labels the caller adds
     * @param environment where build arguments without a value are looked up
     * @param secrets what the names of the build's secrets stand for
     * @param memory most bytes of memory a step may use
     */
    record BuildRequest(
            String reference,
            Build build,
            Map<String, String> labels,
            Map<String, String> environment,
            boolean noCache,
            Map<String, FileConfig> secrets,
            OptionalLong memory) {
        public BuildRequest {
            labels = Map.copyOf(labels);
            environment = Map.copyOf(environment);
            secrets = Map.copyOf(secrets);
        }

        /** A build without secrets and limits. */
        public BuildRequest(
                String reference,
                Build build,
                Map<String, String> labels,
                Map<String, String> environment,
                boolean noCache) {
            this(reference, build, labels, environment, noCache, Map.of(), OptionalLong.empty());
        }
    }

    /** One line of {@code image ls}; {@code id} is the digest of the image's configuration. */
    record ImageSummary(String reference, String id, long size, Instant created) {}
}
