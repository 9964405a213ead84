package dev.jcompose.runtime.registry;

import dev.jcompose.runtime.oci.Digest;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** Gives one piece of a blob; returns where the next one goes. */
record UploadChunk(Digest digest, URI location, long offset, Call.Body piece) implements Endpoint<URI> {
    @Override
    public String method() {
        return "PATCH";
    }

    @Override
    public URI uri(URI repository) {
        return location;
    }

    @Override
    public Map<String, String> headers() {
        return Map.of(
                "Content-Type",
                "application/octet-stream",
                "Content-Range",
                offset + "-" + (offset + piece.length() - 1));
    }

    @Override
    public Optional<Call.Body> body() {
        return Optional.of(piece);
    }

    @Override
    public URI read(Answer answer) throws IOException {
        answer.close();
        return UploadStart.location(answer);
    }

    @Override
    public String what() {
        return "blob " + digest;
    }

    @Override
    public String actions() {
        return PUSH;
    }
}
