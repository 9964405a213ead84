package dev.jcompose.runtime.registry;

import dev.jcompose.runtime.oci.Digest;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Begins to give a blob; a blob that another repository of the registry has is taken over from there at once. */
record UploadStart(Digest digest, Optional<String> mountFrom) implements Endpoint<UploadStart.Session> {
    /** Where to go on; empty when the blob is there already. {@code minimum} is the least size of pieces. */
    record Session(Optional<URI> location, int minimum) {}

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public URI uri(URI repository) {
        var mount = mountFrom
                .map(from -> "?mount=" + digest + "&from=" + URLEncoder.encode(from, StandardCharsets.UTF_8))
                .orElse("");
        return repository.resolve("blobs/uploads/" + mount);
    }

    @Override
    public Optional<Call.Body> body() {
        return Optional.of(Call.Body.of(new byte[0]));
    }

    @Override
    public boolean accepts(int status) {
        return status == 201 || status == 202;
    }

    @Override
    public Session read(Answer answer) throws IOException {
        answer.close();
        if (answer.status() == 201) {
            return new Session(Optional.empty(), 0);
        }
        int minimum = answer.header("oci-chunk-min-length")
                .filter(text -> text.matches("[0-9]{1,9}"))
                .map(Integer::parseInt)
                .orElse(0);
        return new Session(Optional.of(location(answer)), minimum);
    }

    static URI location(Answer answer) {
        return HttpTransport.resolve(
                answer.from(),
                answer.header("location")
                        .orElseThrow(() -> new RegistryException(0, "the registry does not say where to send a blob")));
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
