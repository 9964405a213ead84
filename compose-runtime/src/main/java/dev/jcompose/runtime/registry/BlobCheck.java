package dev.jcompose.runtime.registry;

import dev.jcompose.runtime.oci.Digest;
import java.io.IOException;
import java.net.URI;

/** Asks whether a repository has a blob. */
record BlobCheck(Digest digest) implements Endpoint<Boolean> {
    @Override
    public String method() {
        return "HEAD";
    }

    @Override
    public URI uri(URI repository) {
        return repository.resolve("blobs/" + digest);
    }

    @Override
    public boolean accepts(int status) {
        return status == 200 || status == 404;
    }

    @Override
    public Boolean read(Answer answer) throws IOException {
        answer.close();
        return answer.status() == 200;
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
