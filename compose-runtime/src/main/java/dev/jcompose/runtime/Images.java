package dev.jcompose.runtime;

import dev.jcompose.model.Build;
import dev.jcompose.model.FileConfig;
import java.io.IOException;
import java.io.OutputStream;
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

    /** Makes an image of one layer from programs of this machine, with all they need. */
    void importPrograms(HostPrograms programs);

    List<ImageSummary> list();

    /** Gives an image one more name. */
    void tag(String reference, String name);

    /** Everything known of an image, as the JSON object that {@code docker image inspect} shows. */
    String inspect(String reference);

    /** How an image came to be, the last step first. */
    List<HistoryStep> history(String reference);

    /** Writes images to an archive that {@link #load} and other tools read. */
    void save(List<String> references, ArchiveForm form, OutputStream out) throws IOException;

    /** As {@link #remove(String, boolean)} without force. */
    default void remove(String reference) {
        remove(reference, false);
    }

    /** Takes a name from an image, and removes the image with its last; {@code force} takes all names of an identifier. */
    Removed remove(String reference, boolean force);

    /** Removes images without a name, or all that no container uses. */
    Removed prune(boolean all);

    /** What was removed: names, identifiers, and the bytes this freed. */
    record Removed(List<String> untagged, List<String> deleted, long bytes) {
        public Removed {
            untagged = List.copyOf(untagged);
            deleted = List.copyOf(deleted);
        }
    }

    /** What an archive of images looks like inside. */
    enum ArchiveForm {
        /** Read by {@code docker load}; an OCI layout at the same time. */
        DOCKER,
        OCI
    }

    /** One line of {@code image history}; {@code id} is empty but for the image itself. */
    record HistoryStep(String id, Instant created, String createdBy, long size, String comment) {}

    /**
     * Programs of this machine that shall run in a container.
     *
     * @param reference the name of the image
     * @param programs names looked up in {@code PATH}, or paths
     * @param files more files and directories to take along
     * @param certificates whether the machine's certificate authorities come along
     * @param timeZones whether the machine's time zones come along
     * @param searchPath directories to look for programs in
     */
    record HostPrograms(
            String reference,
            List<String> programs,
            List<Path> files,
            boolean certificates,
            boolean timeZones,
            List<Path> searchPath) {
        public HostPrograms {
            programs = List.copyOf(programs);
            files = List.copyOf(files);
            searchPath = List.copyOf(searchPath);
        }
    }

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

    /**
     * One line of {@code image ls}.
     *
     * @param reference {@code <none>} for an image that has lost its name
     * @param id digest of the image's configuration
     * @param digest of its manifest, empty where it is not known
     */
    record ImageSummary(
            String reference, String id, long size, Instant created, String digest, Map<String, String> labels) {
        public ImageSummary {
            labels = Map.copyOf(labels);
        }

        public ImageSummary(String reference, String id, long size, Instant created) {
            this(reference, id, size, created, "", Map.of());
        }

        public boolean isDangling() {
            return reference.equals("<none>");
        }
    }
}
