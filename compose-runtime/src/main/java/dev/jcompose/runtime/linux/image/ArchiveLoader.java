package dev.jcompose.runtime.linux.image;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.oci.Descriptor;
import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.oci.DockerArchive;
import dev.jcompose.runtime.oci.ImageConfig;
import dev.jcompose.runtime.oci.ImageDocument;
import dev.jcompose.runtime.oci.ImageIndex;
import dev.jcompose.runtime.oci.ImageReference;
import dev.jcompose.runtime.oci.Manifest;
import dev.jcompose.runtime.oci.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes images out of files: {@code docker save} archives, OCI layouts, tars of a root file system. */
public final class ArchiveLoader {
    private static final int MAX_DOCUMENT = 16 << 20;
    private static final List<String> NAME_ANNOTATIONS =
            List.of("io.containerd.image.name", "org.opencontainers.image.ref.name");

    private final ImageStore store;

    public ArchiveLoader(ImageStore store) {
        this.store = store;
    }

    /** Takes in all images of an archive; returns their names, or identifiers of those without. */
    public List<String> load(Path archive) {
        try (var ingest = store.ingest();
                var files = ArchiveFiles.of(archive, store.layersDirectory())) {
            var docker = files.document("manifest.json", MAX_DOCUMENT);
            if (docker.isPresent()) {
                return loadDocker(files, DockerArchive.read(docker.get()), ingest);
            }
            var index = files.document("index.json", MAX_DOCUMENT)
                    .orElseThrow(() -> new BackendException("it is not an image archive, having neither manifest.json"
                            + " nor index.json"
                            + " (a root file system is taken in with \"jcompose image import\")"));
            return loadIndex(files, ImageIndex.read(index), ingest);
        } catch (IOException | BackendException e) {
            throw new BackendException("cannot load \"" + archive + "\": " + reason(e), e);
        }
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private static List<String> loadDocker(ArchiveFiles files, DockerArchive archive, Ingest ingest)
            throws IOException {
        var loaded = new ArrayList<String>();
        for (var entry : archive.images()) {
            var config = files.document(entry.config(), MAX_DOCUMENT).orElseThrow(() -> missing(entry.config()));
            checkName(entry.config(), config);
            var names = entry.tags().stream().map(ImageReference::parse).toList();
            var stack = unpack(files, entry.layers(), ImageDocument.read(config).diffIds(), ingest);
            loaded.addAll(describe(names, ingest.finish(config, stack, names)));
        }
        return loaded;
    }

    /** Archives name the configuration by its digest. */
    private static void checkName(String name, byte[] content) {
        var hex = name.substring(name.lastIndexOf('/') + 1).replace(".json", "");
        if (Digest.isHex(hex) && !Digest.of(content).hex().equals(hex)) {
            throw new BackendException("\"" + name + "\" of the archive does not have the digest it is named by");
        }
    }

    private static List<StoredLayer> unpack(
            ArchiveFiles files, List<String> layers, List<Digest> diffIds, Ingest ingest) throws IOException {
        if (layers.size() != diffIds.size()) {
            throw new BackendException(
                    "the archive has " + layers.size() + " layers for an image of " + diffIds.size());
        }
        var stack = new ArrayList<StoredLayer>();
        for (int i = 0; i < layers.size(); i++) {
            var name = layers.get(i);
            var expected = new Ingest.Expected(Optional.empty(), Optional.of(diffIds.get(i)));
            stack.add(ingest.addLayer(() -> content(files, name), stack, expected));
        }
        return stack;
    }

    private static InputStream content(ArchiveFiles files, String name) throws IOException {
        return files.open(name).orElseThrow(() -> missing(name));
    }

    private static BackendException missing(String name) {
        return new BackendException("the archive is incomplete: it has no \"" + name + "\"");
    }

    private static List<String> describe(List<ImageReference> names, Digest id) {
        return names.isEmpty()
                ? List.of(id.toString())
                : names.stream().map(ImageReference::brief).toList();
    }

    private static List<String> loadIndex(ArchiveFiles files, ImageIndex index, Ingest ingest) throws IOException {
        var loaded = new ArrayList<String>();
        for (var descriptor : index.manifests()) {
            var manifest = forThisMachine(files, descriptor, 0);
            if (manifest.isPresent()) {
                loaded.addAll(loadManifest(files, manifest.get(), names(descriptor), ingest));
            }
        }
        if (loaded.isEmpty()) {
            throw new BackendException("the archive has no image for linux/" + architecture());
        }
        return loaded;
    }

    private static List<ImageReference> names(Descriptor descriptor) {
        return NAME_ANNOTATIONS.stream()
                .flatMap(key -> Optional.ofNullable(descriptor.annotations().get(key)).stream())
                .limit(1)
                .map(ImageReference::parse)
                .toList();
    }

    /** The manifest a descriptor leads to, through lists of platforms; empty when it is for other machines. */
    private static Optional<Descriptor> forThisMachine(ArchiveFiles files, Descriptor descriptor, int depth)
            throws IOException {
        if (!MediaTypes.isIndex(descriptor.mediaType())) {
            var here = descriptor.platform().isEmpty() || descriptor.platform().equals("linux/" + architecture());
            return here ? Optional.of(descriptor) : Optional.empty();
        }
        if (depth > 3) {
            throw new BackendException("the archive's index is nested too deeply");
        }
        for (var inner : ImageIndex.read(document(files, descriptor.digest())).manifests()) {
            var found = forThisMachine(files, inner, depth + 1);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static List<String> loadManifest(
            ArchiveFiles files, Descriptor descriptor, List<ImageReference> names, Ingest ingest) throws IOException {
        var manifest =
                Manifest.read(ingest.addDocument(() -> content(files, blob(descriptor.digest())), descriptor.digest()));
        var id = manifest.config().digest();
        var diffIds = ImageDocument.read(ingest.addDocument(() -> content(files, blob(id)), id))
                .diffIds();
        if (diffIds.size() != manifest.layers().size()) {
            throw new BackendException("image " + id + " has other layers than its configuration says");
        }
        var stack = new ArrayList<StoredLayer>();
        for (int i = 0; i < diffIds.size(); i++) {
            var digest = manifest.layers().get(i).digest();
            var expected = new Ingest.Expected(Optional.of(digest), Optional.of(diffIds.get(i)));
            stack.add(ingest.addLayer(() -> content(files, blob(digest)), stack, expected));
        }
        return describe(names, ingest.finish(manifest, descriptor.digest(), stack, names));
    }

    private static byte[] document(ArchiveFiles files, Digest digest) throws IOException {
        var content = files.document(blob(digest), MAX_DOCUMENT).orElseThrow(() -> missing(blob(digest)));
        checkName(blob(digest), content);
        return content;
    }

    private static String blob(Digest digest) {
        return "blobs/sha256/" + digest.hex();
    }

    /** Makes an image of one layer from a tar of a root file system. */
    public void importRootfs(Path tar, ImageReference name) {
        if (!Files.isRegularFile(tar)) {
            throw new BackendException("cannot import \"" + tar + "\": no such file");
        }
        try (var ingest = store.ingest()) {
            var layer = ingest.addLayer(() -> Files.newInputStream(tar), List.of(), Ingest.Expected.NOTHING);
            var now = Optional.of(Instant.now());
            var history = new ImageDocument.History(now, "imported from " + tar.getFileName(), false);
            var document = new ImageDocument(
                    now, architecture(), "linux", ImageConfig.EMPTY, List.of(layer.diffId()), List.of(history));
            ingest.finish(document, List.of(layer), List.of(name));
        } catch (IOException | BackendException e) {
            throw new BackendException("cannot import \"" + tar + "\": " + reason(e), e);
        }
    }

    /** This machine's architecture in the words of images. */
    public static String architecture() {
        var arch = System.getProperty("os.arch", "");
        return switch (arch) {
            case "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> arch;
        };
    }
}
