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
import java.util.OptionalLong;

/** Takes images out of files: {@code docker save} archives, OCI layouts, tars of a root file system. */
public final class ArchiveLoader {
    private static final int MAX_DOCUMENT = Blobs.MAX_DOCUMENT;
    private static final int MAX_DEPTH = 3;
    private static final String BLOBS = "blobs/sha256/";
    private static final List<String> NAME_ANNOTATIONS =
            List.of("io.containerd.image.name", "org.opencontainers.image.ref.name");

    private final ImageStore store;

    public ArchiveLoader(ImageStore store) {
        this.store = store;
    }

    /** Takes in all images of an archive; returns their names, or identifiers of those without. */
    public List<String> load(Path archive) {
        try (var ingest = store.ingest();
                var files = ArchiveFiles.of(
                        archive, store.layersDirectory(), store.limits().bytes())) {
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
        var sources = new ArrayList<Ingest.Source>();
        for (int i = 0; i < layers.size(); i++) {
            var name = layers.get(i);
            var expected = new Ingest.Expected(blobName(name), Optional.of(diffIds.get(i)));
            sources.add(new Ingest.Source(() -> content(files, name), expected));
        }
        return ingest.addLayers(sources);
    }

    /** Newer archives name layers by their digests, so that those that are here need not be read. */
    private static Optional<Digest> blobName(String name) {
        return Optional.of(name)
                .filter(n -> n.startsWith(BLOBS) && Digest.isHex(n.substring(BLOBS.length())))
                .map(n -> new Digest(n.substring(BLOBS.length())));
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
            var manifest = forThisMachine(files, descriptor, new ArrayList<>());
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
    private static Optional<Descriptor> forThisMachine(ArchiveFiles files, Descriptor descriptor, List<Digest> above)
            throws IOException {
        var here = descriptor.platform().isEmpty() || descriptor.platform().equals("linux/" + architecture());
        if (!here) {
            return Optional.empty();
        }
        if (MediaTypes.isManifest(descriptor.mediaType())) {
            return Optional.of(descriptor);
        }
        if (!MediaTypes.isIndex(descriptor.mediaType())) {
            throw new BackendException("the archive's index has something that is no image: " + descriptor.mediaType());
        }
        if (above.size() >= MAX_DEPTH || above.contains(descriptor.digest())) {
            throw new BackendException("the archive's index is nested too deeply");
        }
        var path = new ArrayList<>(above);
        path.add(descriptor.digest());
        for (var inner : ImageIndex.read(document(files, descriptor)).manifests()) {
            var found = forThisMachine(files, inner, path);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static List<String> loadManifest(
            ArchiveFiles files, Descriptor descriptor, List<ImageReference> names, Ingest ingest) throws IOException {
        var manifest = Manifest.read(ingest.addDocument(() -> content(files, blob(descriptor.digest())), descriptor));
        var id = manifest.config().digest();
        var diffIds = ImageDocument.read(ingest.addDocument(() -> content(files, blob(id)), manifest.config()))
                .diffIds();
        if (diffIds.size() != manifest.layers().size()) {
            throw new BackendException("image " + id + " has other layers than its configuration says");
        }
        var sources = new ArrayList<Ingest.Source>();
        for (int i = 0; i < diffIds.size(); i++) {
            sources.add(source(files, manifest.layers().get(i), diffIds.get(i)));
        }
        return describe(names, ingest.finish(manifest, descriptor.digest(), ingest.addLayers(sources), names));
    }

    private static Ingest.Source source(ArchiveFiles files, Descriptor layer, Digest diffId) {
        if (layer.size() < 0) {
            throw new BackendException("layer " + layer.digest() + " is said to have " + layer.size() + " bytes");
        }
        var expected =
                new Ingest.Expected(Optional.of(layer.digest()), Optional.of(diffId), OptionalLong.of(layer.size()));
        return new Ingest.Source(() -> content(files, blob(layer.digest())), expected);
    }

    private static byte[] document(ArchiveFiles files, Descriptor descriptor) throws IOException {
        var name = blob(descriptor.digest());
        var content = files.document(name, MAX_DOCUMENT).orElseThrow(() -> missing(name));
        if (content.length != descriptor.size()) {
            throw new BackendException(
                    "\"" + name + "\" of the archive has " + content.length + " bytes and not " + descriptor.size());
        }
        checkName(name, content);
        return content;
    }

    private static String blob(Digest digest) {
        return BLOBS + digest.hex();
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
