package dev.jcompose.runtime.registry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What came back for a {@link Call}.
 *
 * @param from where it came from in the end, after redirects
 * @param headers by their names in lower case
 */
record Answer(int status, URI from, Map<String, List<String>> headers, InputStream content) implements AutoCloseable {
    private static final int MAX_ERROR = 64 << 10;

    Answer {
        headers = Map.copyOf(headers);
    }

    boolean isGood() {
        return status >= 200 && status < 300;
    }

    Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    List<String> headers(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /** The whole content; refuses more than {@code limit} bytes. */
    byte[] document(String what, int limit) throws IOException {
        var bytes = content.readNBytes(limit + 1);
        if (bytes.length > limit) {
            throw new RegistryException(status, what + " is larger than " + limit + " bytes: refused");
        }
        return bytes;
    }

    /** The same answer with its (short) content in memory and its connection given back. */
    Answer detached() {
        byte[] bytes;
        try (content) {
            bytes = content.readNBytes(MAX_ERROR);
        } catch (IOException e) {
            bytes = new byte[0]; // an explanation cut short; the status says enough
        }
        return new Answer(status, from, headers, new ByteArrayInputStream(bytes));
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
