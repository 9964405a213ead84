package dev.jcompose.runtime.registry;

import dev.jcompose.runtime.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;

/** Fetches a blob from some byte on; a registry that cannot do that sends it from its start. */
record BlobPull(Digest digest, long offset) implements Endpoint<InputStream> {
    @Override
    public String method() {
        return "GET";
    }

    @Override
    public URI uri(URI repository) {
        return repository.resolve("blobs/" + digest);
    }

    @Override
    public Map<String, String> headers() {
        return offset == 0 ? Map.of() : Map.of("Range", "bytes=" + offset + "-");
    }

    @Override
    public boolean accepts(int status) {
        return status == 200 || (status == 206 && offset > 0);
    }

    @Override
    public InputStream read(Answer answer) throws IOException {
        return from(answer, offset);
    }

    /** The content from {@code offset} on, whatever part of it was sent. */
    static InputStream from(Answer answer, long offset) throws IOException {
        if (answer.status() == 200) {
            answer.content().skipNBytes(offset);
        } else if (!answer.header("content-range").orElse("").startsWith("bytes " + offset + "-")) {
            answer.close();
            throw new IOException("the registry sent another part than it was asked for");
        }
        return answer.content();
    }

    @Override
    public String what() {
        return "blob " + digest;
    }
}
