package dev.jcompose.runtime.linux.image;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.Images.ArchiveForm;
import dev.jcompose.runtime.Images.HistoryStep;
import dev.jcompose.runtime.Images.Removed;
import dev.jcompose.runtime.NotFoundException;
import dev.jcompose.runtime.linux.layer.LayerLimits;
import dev.jcompose.runtime.oci.Descriptor;
import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.oci.ImageDocument;
import dev.jcompose.runtime.oci.ImageReference;
import dev.jcompose.runtime.oci.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The images of this machine, safe to be used by several jcompose processes at once. Finding an image is on the way of
 * every start: it reads two small text files.
 */
public final class ImageStore {
    private final StoreFiles files;
    private final Blobs blobs;
    private final Layers layers;
    private final References references;
    private final StoreLock use;
    private final LayerLimits limits;

    /** A store in a directory, which is made when something is first put there. */
    public ImageStore(Path directory) {
        this(directory, LayerLimits.DEFAULT);
    }

    /** A store that takes in no larger layers. */
    public ImageStore(Path directory, LayerLimits limits) {
        this.limits = limits;
        files = new StoreFiles(directory);
        blobs = new Blobs(files);
        layers = new Layers(files, limits);
        references = new References(files, blobs::manifest);
        use = new StoreLock(files.useLock());
    }

    /** The directory in which the layers of all images are, each as {@code <name>/diff}. */
    public Path layersDirectory() {
        return files.layers();
    }

    LayerLimits limits() {
        return limits;
    }

    /** The image a name, an identifier or the unique start of an identifier stands for. */
    public Optional<StoredImage> find(String reference) {
        try {
            var targets = references.read();
            var target = target(reference, targets);
            return target.isEmpty() ? Optional.empty() : Optional.of(image(target.get(), targets));
        } catch (IOException e) {
            throw files.failure(e);
        }
    }

    /** When a name was last given to an image: by pulling, building or loading it. */
    public Optional<Instant> named(String reference) {
        return ImageReference.tryParse(reference)
                .map(name -> files.named(name.full()).toFile().lastModified())
                .filter(millis -> millis > 0)
                .map(Instant::ofEpochMilli);
    }

    /** An image as other machines get it: its manifest, byte by byte, which names its blobs. */
    public Optional<StoredManifest> manifest(String reference) {
        try {
            var target = target(reference, references.read());
            return target.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new StoredManifest(
                            blobs.manifest(target.get().manifest()),
                            blobs.document(target.get().manifest())));
        } catch (IOException e) {
            throw files.failure(e);
        }
    }

    /** Other repositories of the same registry that were pulled from here or pushed, by the blobs they have in common with an image. */
    public Map<Digest, List<String>> repositories(ImageReference image, Manifest manifest) throws IOException {
        Map<Digest, List<String>> found = new HashMap<>();
        for (var entry : references.read().entrySet()) {
            var other = ImageReference.parse(entry.getKey());
            var record = read(entry.getValue().id());
            if (other.registry().equals(image.registry())
                    && !other.repository().equals(image.repository())
                    && record.isPresent()) {
                manifest.layers().stream()
                        .map(Descriptor::digest)
                        .filter(record.get().blobs()::contains)
                        .forEach(digest -> found.computeIfAbsent(digest, key -> new ArrayList<>())
                                .add(other.repository()));
            }
        }
        return found;
    }

    /** A blob's content. */
    public InputStream blob(Digest digest) throws IOException {
        return blobs.open(digest);
    }

    /** All images, those without a name last. */
    public List<StoredImage> list() {
        try {
            var targets = references.read();
            var named = new ArrayList<StoredImage>();
            var unnamed = new ArrayList<StoredImage>();
            var all = new TreeSet<>(identifiers());
            targets.values().forEach(target -> all.add(target.id()));
            for (var id : all) {
                var target =
                        targets.values().stream().filter(t -> t.id().equals(id)).findFirst();
                (target.isPresent() ? named : unnamed).add(image(target.orElseGet(() -> unnamed(id)), targets));
            }
            named.addAll(unnamed);
            return named;
        } catch (IOException e) {
            throw files.failure(e);
        }
    }

    /** Opens the store for new images. */
    public Ingest ingest() {
        files.create();
        return new Ingest(this, files, blobs, layers, use.shared());
    }

    /** What build steps made before. */
    public StepCache steps() {
        return new StepCache(files.steps());
    }

    /** Gives an image one more name. */
    public void tag(String reference, ImageReference name) {
        if (name.digest().isPresent()) {
            throw new BackendException("\"" + name + "\" cannot be given to an image: a name with a digest is earned");
        }
        files.create();
        var held = use.shared();
        try (held) {
            name(require(reference), List.of(name));
        } catch (IOException e) {
            throw files.failure(e);
        }
    }

    /** Everything known of an image, as JSON. */
    public String inspect(String reference) {
        return new ImageDetails(blobs, layers).inspect(require(reference), image(reference));
    }

    /** How an image came to be, the last step first. */
    public List<HistoryStep> history(String reference) {
        return new ImageDetails(blobs, layers).history(image(reference).id());
    }

    /** Writes images to an archive under the names they are asked for by. */
    public void save(List<String> wanted, ArchiveForm form, OutputStream out) throws IOException {
        files.create();
        var held = use.shared();
        try (held) {
            var subjects = new LinkedHashMap<Digest, ArchiveWriter.Subject>();
            for (var reference : wanted) {
                var record = record(reference);
                var names = subjects.computeIfAbsent(
                                record.id(), id -> new ArchiveWriter.Subject(record, new LinkedHashSet<>()))
                        .names();
                ImageReference.tryParse(reference)
                        .filter(name -> !record.id().hex().startsWith(reference))
                        .filter(name -> name.digest().isEmpty())
                        .ifPresent(names::add);
            }
            new ArchiveWriter(blobs).write(List.copyOf(subjects.values()), form, out);
        }
    }

    /**
     * Takes a name from an image, and removes the image with its last name.
     *
     * @param force takes all names when the image is given by its identifier
     * @param inUse whether a container needs the layer whose files are in a directory
     */
    public Removed remove(String reference, boolean force, Predicate<Path> inUse) {
        files.create();
        var held = use.exclusive();
        try (held) {
            return new Removal(files, references, inUse).remove(reference, target(reference, references.read()), force);
        } catch (IOException e) {
            throw files.failure(e);
        }
    }

    /** Removes what has no name, or with {@code all} what no container uses. */
    public Removed prune(boolean all, Predicate<Path> inUse) {
        files.create();
        var held = use.exclusive();
        try (held) {
            return new Removal(files, references, inUse).prune(all);
        } catch (IOException e) {
            throw files.failure(e);
        }
    }

    /** Forgets all build steps with what they made, and returns how many there were. */
    public int pruneSteps(Predicate<Path> inUse) {
        files.create();
        var held = use.exclusive();
        try (held) {
            return new Removal(files, references, inUse).pruneSteps();
        } catch (IOException e) {
            throw files.failure(e);
        }
    }

    /** What the store takes on disk. */
    public StoreUsage usage(Predicate<Path> inUse) {
        try {
            return StoreUsage.of(files, inUse);
        } catch (IOException e) {
            throw files.failure(e);
        }
    }

    private References.Target require(String reference) {
        try {
            return target(reference, references.read())
                    .orElseThrow(() -> new NotFoundException("no such image: " + reference));
        } catch (IOException e) {
            throw files.failure(e);
        }
    }

    /** An image whose record and layers are there. */
    private StoredImage image(String reference) {
        return find(reference).orElseThrow(() -> new NotFoundException("no such image: " + reference));
    }

    private Optional<References.Target> target(String reference, Map<String, References.Target> targets)
            throws IOException {
        var name = ImageReference.tryParse(reference);
        if (name.isPresent()) {
            var target = Optional.ofNullable(targets.get(name.get().full())).or(() -> byDigest(name.get(), targets));
            if (target.isPresent()) {
                return target;
            }
        }
        return byIdentifier(reference);
    }

    /** {@code name@digest}: any tag of that name whose manifest has the digest. */
    private static Optional<References.Target> byDigest(ImageReference name, Map<String, References.Target> targets) {
        return name.digest()
                .flatMap(digest -> targets.entrySet().stream()
                        .filter(e -> e.getValue().manifest().equals(digest))
                        .filter(e ->
                                ImageReference.parse(e.getKey()).repository().equals(name.repository()))
                        .map(Map.Entry::getValue)
                        .findFirst());
    }

    private Optional<References.Target> byIdentifier(String text) throws IOException {
        var prefix = text.startsWith("sha256:") ? text.substring(7) : text;
        if (!prefix.matches("[0-9a-f]{4,64}")) {
            return Optional.empty();
        }
        var matching =
                identifiers().stream().filter(id -> id.hex().startsWith(prefix)).toList();
        if (matching.size() > 1) {
            throw new BackendException(
                    "image identifier \"" + text + "\" is ambiguous: " + matching.size() + " images start with it");
        }
        return matching.stream().findFirst().map(this::unnamed);
    }

    private References.Target unnamed(Digest id) {
        return read(id).map(record -> new References.Target(id, record.manifest()))
                .orElseThrow(
                        () -> new BackendException("image " + id + " is damaged in the image store: load it again"));
    }

    private List<Digest> identifiers() throws IOException {
        return StoreFiles.list(files.images()).stream()
                .map(file -> String.valueOf(file.getFileName()))
                .filter(Digest::isHex)
                .map(Digest::new)
                .toList();
    }

    private StoredImage image(References.Target target, Map<String, References.Target> targets) throws IOException {
        var record = read(target.id()).filter(this::hasLayers);
        var known = record.isPresent() ? record.get() : rebuild(target);
        return new StoredImage(
                known.id(),
                known.manifest(),
                References.namesOf(known.id(), targets),
                known.created(),
                known.size(),
                known.config(),
                known.chainIds().stream()
                        .map(id -> files.layer(id).resolve("diff"))
                        .toList());
    }

    private Optional<ImageRecord> read(Digest id) {
        try {
            return ImageRecord.read(Files.readAllBytes(files.record(id)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw files.failure(e);
        }
    }

    private boolean hasLayers(ImageRecord record) {
        return record.chainIds().stream().allMatch(id -> Files.exists(files.layer(id)));
    }

    /** Makes record and layers again from the blobs. */
    private ImageRecord rebuild(References.Target target) throws IOException {
        try (var ingest = ingest()) {
            var manifest = Manifest.read(blobs.document(target.manifest()));
            var diffIds = ImageDocument.read(blobs.document(target.id())).diffIds();
            var stack = new ArrayList<StoredLayer>();
            for (int i = 0; i < diffIds.size(); i++) {
                var blob = manifest.layers().get(i).digest();
                blobs.size(blob);
                ingest.findLayer(blob, diffIds.get(i), stack).ifPresent(stack::add);
            }
            ingest.finish(manifest, target.manifest(), stack, List.of());
        }
        return read(target.id()).orElseThrow();
    }

    ImageRecord record(String reference) throws IOException {
        var target = target(reference, references.read())
                .orElseThrow(() -> new NotFoundException("no such image: " + reference));
        var record = read(target.id());
        return record.isPresent() ? record.get() : rebuild(target);
    }

    void put(ImageRecord record) throws IOException {
        StoreFiles.replace(files.record(record.id()), record.write());
    }

    void name(References.Target target, List<ImageReference> names) throws IOException {
        if (!names.isEmpty()) {
            references.update(targets -> names.forEach(name -> targets.put(name.full(), target)));
            for (var name : names) {
                StoreFiles.replace(files.named(name.full()), (name.full() + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
