package dev.jcompose.runtime.registry;

import dev.jcompose.runtime.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.Set;

/** Gives one blob to a registry. */
public final class BlobUpload {
    private static final int BUFFER = 128 << 10;
    private static final int PIECE = 8 << 20;
    /** What registries, and proxies before them, say to a blob in one piece that they want in several. */
    private static final Set<Integer> IN_PIECES = Set.of(404, 405, 411, 413, 416, 501);

    private final RegistryClient client;
    private final Descriptor blob;
    private final Source source;
    private final Progress progress;

    BlobUpload(RegistryClient client, Descriptor blob, Source source, Progress progress) {
        this.client = client;
        this.blob = blob;
        this.source = source;
        this.progress = progress;
    }

    /** Opens the content, perhaps several times. */
    @FunctionalInterface
    public interface Source {
        InputStream open() throws IOException;
    }

    /** Told how many bytes are given. */
    @FunctionalInterface
    public interface Progress {
        void sent(long bytes);
    }

    void run() throws InterruptedException, IOException {
        var session = start();
        if (session.location().isEmpty()) {
            return;
        }
        try {
            client.write(new UploadEnd(blob.digest(), session.location().get(), whole()));
        } catch (RegistryException e) {
            if (!IN_PIECES.contains(e.status())) {
                throw e;
            }
            inPieces();
        }
    }

    private UploadStart.Session start() throws InterruptedException {
        return client.write(new UploadStart(blob.digest(), Optional.empty()));
    }

    private Call.Body whole() {
        return new Call.Body() {
            @Override
            public long length() {
                return blob.size();
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                var buffer = new byte[BUFFER];
                long sent = 0;
                try (var in = source.open()) {
                    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                        out.write(buffer, 0, count);
                        sent += count;
                        progress.sent(sent);
                    }
                }
            }
        };
    }

    private void inPieces() throws InterruptedException, IOException {
        var session = start();
        if (session.location().isEmpty()) {
            return;
        }
        var location = session.location().get();
        long sent = 0;
        try (var in = source.open()) {
            var piece = in.readNBytes(Math.max(PIECE, session.minimum()));
            while (piece.length > 0) {
                location = client.write(new UploadChunk(blob.digest(), location, sent, Call.Body.of(piece)));
                sent += piece.length;
                progress.sent(sent);
                piece = in.readNBytes(Math.max(PIECE, session.minimum()));
            }
        }
        client.write(new UploadEnd(blob.digest(), location, Call.Body.of(new byte[0])));
    }
}
