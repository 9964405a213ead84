package dev.jcompose.runtime.registry;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** One call of the distribution protocol: its route, its answer, and what it is called in messages. */
interface Endpoint<T> {
    String PULL = "pull";
    String PUSH = "pull,push";

    String method();

    /** Where it is below a repository, whose address ends with a slash. */
    URI uri(URI repository);

    default Map<String, String> headers() {
        return Map.of();
    }

    default Optional<Call.Body> body() {
        return Optional.empty();
    }

    /** Whether an answer with that status is one for {@link #read}. */
    default boolean accepts(int status) {
        return status >= 200 && status < 300;
    }

    /** Makes sense of the answer; whoever leaves its content unread closes it. */
    T read(Answer answer) throws IOException;

    /** {@code image "busybox:1.36"}. */
    String what();

    /** What a token must allow. */
    default String actions() {
        return PULL;
    }
}
