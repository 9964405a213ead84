package dev.jcompose.runtime.registry;

import dev.jcompose.runtime.oci.Digest;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** Completes a blob: with all of its content, or with nothing when it was given in pieces. */
record UploadEnd(Digest digest, URI location, Call.Body content) implements Endpoint<Boolean> {
    @Override
    public String method() {
        return "PUT";
    }

    @Override
    public URI uri(URI repository) {
        var text = location.toString();
        return URI.create(text + (text.indexOf('?') < 0 ? "?" : "&") + "digest=" + digest);
    }

    @Override
    public Map<String, String> headers() {
        return Map.of("Content-Type", "application/octet-stream");
    }

    @Override
    public Optional<Call.Body> body() {
        return Optional.of(content);
    }

    @Override
    public Boolean read(Answer answer) throws IOException {
        answer.close();
        return true;
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
