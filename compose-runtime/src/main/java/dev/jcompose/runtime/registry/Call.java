package dev.jcompose.runtime.registry;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One HTTP request. */
record Call(String method, URI uri, Map<String, String> headers, Optional<Body> body) {
    Call {
        headers = new LinkedHashMap<>(headers);
    }

    /** What is sent with a request; written once more for each attempt. */
    interface Body {
        long length();

        void writeTo(OutputStream out) throws IOException;

        static Body of(byte[] content) {
            return new Body() {
                @Override
                public long length() {
                    return content.length;
                }

                @Override
                public void writeTo(OutputStream out) throws IOException {
                    out.write(content);
                }
            };
        }
    }

    static Call get(URI uri) {
        return new Call("GET", uri, Map.of(), Optional.empty());
    }

    Call with(String header, String value) {
        var all = new LinkedHashMap<>(headers);
        all.put(header, value);
        return new Call(method, uri, all, body);
    }

    Call without(String header) {
        var all = new LinkedHashMap<>(headers);
        all.remove(header);
        return new Call(method, uri, all, body);
    }

    Call to(URI other) {
        return new Call(method, other, headers, body);
    }
}
