package dev.jcompose.runtime.linux.image;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.Images.ArchiveForm;
import dev.jcompose.runtime.oci.Descriptor;
import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.oci.DockerArchive;
import dev.jcompose.runtime.oci.ImageIndex;
import dev.jcompose.runtime.oci.ImageReference;
import dev.jcompose.runtime.oci.Manifest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Writes images as one tar: an OCI layout, which for Docker also has the list of images that {@code docker load} wants.
 * The same images always give the same bytes.
 */
final class ArchiveWriter {
    private static final String BLOBS = "blobs/sha256/";

    private final Blobs blobs;

    ArchiveWriter(Blobs blobs) {
        this.blobs = blobs;
    }

    /** An image to be written under these names. */
    record Subject(ImageRecord record, LinkedHashSet<ImageReference> names) {}

    void write(List<Subject> subjects, ArchiveForm form, OutputStream out) throws IOException {
        var tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        var contents = new TreeMap<Digest, Long>();
        for (var subject : subjects) {
            subject.record().blobs().forEach(blob -> contents.put(blob, blobs.size(blob)));
        }
        directory(tar, "blobs/");
        directory(tar, BLOBS);
        for (var blob : contents.entrySet()) {
            write(tar, blob.getKey(), blob.getValue());
        }
        write(tar, "index.json", index(subjects).write());
        if (form == ArchiveForm.DOCKER) {
            write(tar, "manifest.json", list(subjects).write());
        }
        write(tar, "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
        tar.finish();
        tar.flush();
    }

    private static void directory(TarArchiveOutputStream tar, String name) throws IOException {
        tar.putArchiveEntry(entry(name, 0755));
        tar.closeArchiveEntry();
    }

    private static TarArchiveEntry entry(String name, int mode) {
        var entry = new TarArchiveEntry(name);
        entry.setMode(mode);
        entry.setIds(0, 0);
        entry.setLastModifiedTime(FileTime.fromMillis(0));
        return entry;
    }

    private static void write(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        var entry = entry(name, 0644);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private void write(TarArchiveOutputStream tar, Digest blob, long size) throws IOException {
        var entry = entry(BLOBS + blob.hex(), 0644);
        entry.setSize(size);
        tar.putArchiveEntry(entry);
        try (var in = new DigestInputStream(blobs.open(blob), Digest.sha256())) {
            in.transferTo(tar);
            if (!Digest.of(in.getMessageDigest()).equals(blob)) {
                throw new BackendException("blob " + blob + " in the image store is damaged: load the image again");
            }
        }
        tar.closeArchiveEntry();
    }

    private ImageIndex index(List<Subject> subjects) {
        var manifests = new ArrayList<Descriptor>();
        for (var subject : subjects) {
            var manifest = blobs.manifest(subject.record().manifest());
            if (subject.names().isEmpty()) {
                manifests.add(manifest);
            }
            for (var name : subject.names()) {
                manifests.add(new Descriptor(
                        manifest.mediaType(), manifest.digest(), manifest.size(), "", annotations(name)));
            }
        }
        return new ImageIndex(manifests);
    }

    private static SequencedMap<String, String> annotations(ImageReference name) {
        var annotations = new LinkedHashMap<String, String>();
        annotations.put("io.containerd.image.name", name.full());
        annotations.put("org.opencontainers.image.ref.name", name.tag().orElse(name.full()));
        return annotations;
    }

    private DockerArchive list(List<Subject> subjects) throws IOException {
        var entries = new ArrayList<DockerArchive.Entry>();
        for (var subject : subjects) {
            var record = subject.record();
            var layers = Manifest.read(blobs.document(record.manifest())).layers().stream()
                    .map(layer -> BLOBS + layer.digest().hex())
                    .toList();
            var tags =
                    subject.names().stream().flatMap(name -> tag(name).stream()).toList();
            entries.add(new DockerArchive.Entry(BLOBS + record.id().hex(), tags, layers));
        }
        return new DockerArchive(entries);
    }

    /** Docker wants names with tags here. */
    private static Optional<String> tag(ImageReference name) {
        return name.digest().isEmpty() ? Optional.of(name.brief()) : Optional.empty();
    }
}
