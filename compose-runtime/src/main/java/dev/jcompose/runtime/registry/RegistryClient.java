package dev.jcompose.runtime.registry;

import dev.jcompose.runtime.oci.Descriptor;
import dev.jcompose.runtime.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One repository of a registry. Reads from the registry's mirrors first, writes to the registry itself. */
public final class RegistryClient {
    private final List<Site> sites;
    private final String repository;
    private final HttpTransport elsewhere;
    private final Set<Site> given = ConcurrentHashMap.newKeySet();

    /** {@code sites} are the mirrors in order and the registry itself; {@code elsewhere} reaches what is at neither. */
    RegistryClient(List<Site> sites, String repository, HttpTransport elsewhere) {
        this.sites = List.copyOf(sites);
        this.repository = repository;
        this.elsewhere = elsewhere;
    }

    /** A manifest or index by its tag. */
    public PulledManifest manifest(String tag) throws InterruptedException {
        return read(new ManifestPull(tag, Optional.empty()));
    }

    /** A manifest or index by its digest. */
    public PulledManifest manifest(Digest digest) throws InterruptedException {
        return read(new ManifestPull(digest.toString(), Optional.of(digest)));
    }

    /** The content of a blob, as long as its descriptor says; its reader checks the digest. */
    public InputStream blob(Descriptor blob) {
        return new BlobStream(
                "blob " + blob.digest(),
                blob.size(),
                offset -> open(blob, offset),
                sites.getLast().backoff());
    }

    private InputStream open(Descriptor blob, long offset) throws IOException, InterruptedException {
        try {
            return read(new BlobPull(blob.digest(), offset));
        } catch (RegistryException e) {
            if (blob.urls().isEmpty()) {
                throw e;
            }
            return foreign(blob, offset, e);
        }
    }

    /** A foreign layer is where its descriptor says; no login is shown there. */
    private InputStream foreign(Descriptor blob, long offset, RegistryException cause) throws IOException {
        for (var url : blob.urls()) {
            var call = Call.get(HttpTransport.resolve(URI.create("https://invalid/"), url));
            var answer = elsewhere.send(offset == 0 ? call : call.with("Range", "bytes=" + offset + "-"));
            if (answer.status() == 200 || answer.status() == 206) {
                return BlobPull.from(answer, offset);
            }
            answer.close();
        }
        throw cause;
    }

    /** What a mirror cannot give, the registry may; a mirror that was not reached once is not tried again. */
    private <T> T read(Endpoint<T> endpoint) throws InterruptedException {
        for (var mirror : sites.subList(0, sites.size() - 1)) {
            if (!given.contains(mirror)) {
                try {
                    return mirror.call(repository, endpoint, List.of());
                } catch (RegistryException e) {
                    if (e.status() == 0) {
                        given.add(mirror);
                    }
                }
            }
        }
        return sites.getLast().call(repository, endpoint, List.of());
    }

    /** Whether the registry has a blob, or takes it over from another of its repositories. */
    public boolean has(Digest digest, Optional<String> mountFrom) throws InterruptedException {
        if (write(new BlobCheck(digest))) {
            return true;
        }
        if (mountFrom.isEmpty()) {
            return false;
        }
        var start = new UploadStart(digest, mountFrom);
        return sites.getLast()
                .call(repository, start, List.of(mountFrom.get()))
                .location()
                .isEmpty();
    }

    /** Gives a blob: in one piece, or in several to a registry that wants it so. */
    public void upload(Descriptor blob, BlobUpload.Source source, BlobUpload.Progress progress)
            throws InterruptedException, IOException {
        new BlobUpload(this, blob, source, progress).run();
    }

    /** Gives a manifest, byte by byte as it is. */
    public void push(String tagOrDigest, String mediaType, byte[] manifest) throws InterruptedException {
        write(new ManifestPush(tagOrDigest, mediaType, Call.Body.of(manifest)));
    }

    <T> T write(Endpoint<T> endpoint) throws InterruptedException {
        return sites.getLast().call(repository, endpoint, List.of());
    }
}
