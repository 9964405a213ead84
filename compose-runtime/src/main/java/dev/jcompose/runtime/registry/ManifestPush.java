package dev.jcompose.runtime.registry;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** Gives a manifest to a registry under a tag or its digest; what it names must be there already. */
record ManifestPush(String tagOrDigest, String mediaType, Call.Body content) implements Endpoint<Boolean> {
    @Override
    public String method() {
        return "PUT";
    }

    @Override
    public URI uri(URI repository) {
        return repository.resolve("manifests/" + tagOrDigest);
    }

    @Override
    public Map<String, String> headers() {
        return Map.of("Content-Type", mediaType);
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
        return "manifest \"" + tagOrDigest + "\"";
    }

    @Override
    public String actions() {
        return PUSH;
    }
}
