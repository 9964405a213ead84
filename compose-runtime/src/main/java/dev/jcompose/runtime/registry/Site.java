package dev.jcompose.runtime.registry;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One place where a repository is to be had: a registry or a mirror of it. Finds out how it is spoken to, tries again, shows logins. */
final class Site {
    private final String host;
    private final List<URI> candidates;
    private final String prefix;
    private final HttpTransport transport;
    private final Authorization authorization;
    private final Backoff backoff;
    private final List<URI> base = new ArrayList<>();

    /** {@code candidates} are addresses like {@code https://host:5000/}, in order; {@code prefix} stands before repositories. */
    Site(
            String host,
            List<URI> candidates,
            String prefix,
            HttpTransport transport,
            Authorization authorization,
            Backoff backoff) {
        this.host = host;
        this.candidates = List.copyOf(candidates);
        this.prefix = prefix;
        this.transport = transport;
        this.authorization = authorization;
        this.backoff = backoff;
    }

    String host() {
        return host;
    }

    Backoff backoff() {
        return backoff;
    }

    /** Makes a call about a repository, or about none when that is empty. */
    <T> T call(String repository, Endpoint<T> endpoint, List<String> mountedFrom) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                var answer = authorized(repository, endpoint, mountedFrom);
                if (endpoint.accepts(answer.status())) {
                    return endpoint.read(answer);
                }
                var refusal = answer.detached();
                if (!isPassing(refusal.status()) || !backoff.pause(attempt, refusal.header("retry-after"))) {
                    throw RegistryFailure.refused(host, endpoint.what(), authorization.isLoggedIn(), refusal);
                }
            } catch (IOException e) {
                throwInterruption(e);
                if (!RegistryFailure.isPassing(e) || !backoff.pause(attempt, Optional.empty())) {
                    throw RegistryFailure.unreachable(host, e);
                }
            }
        }
    }

    /** An interrupted thread sees its connection closed. */
    static void throwInterruption(IOException cause) throws InterruptedException {
        if (Thread.interrupted()) {
            var interruption = new InterruptedException();
            interruption.initCause(cause);
            throw interruption;
        }
    }

    private static boolean isPassing(int status) {
        return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
    }

    private List<String> scopes(String repository, Endpoint<?> endpoint, List<String> mountedFrom) {
        var scopes = new ArrayList<String>();
        if (!endpoint.actions().isEmpty()) {
            scopes.add("repository:" + prefix + repository + ":" + endpoint.actions());
        }
        mountedFrom.forEach(from -> scopes.add("repository:" + prefix + from + ":" + Endpoint.PULL));
        return scopes;
    }

    private Answer authorized(String repository, Endpoint<?> endpoint, List<String> mountedFrom)
            throws IOException, InterruptedException {
        var root = base().resolve("v2/");
        var uri = endpoint.uri(repository.isEmpty() ? root : root.resolve(prefix + repository + "/"));
        var call = new Call(endpoint.method(), uri, endpoint.headers(), endpoint.body());
        var scopes = scopes(repository, endpoint, mountedFrom);
        var header = HttpTransport.isSameOrigin(root, uri)
                ? authorization.known(String.join(" ", scopes))
                : Optional.<String>empty();
        var answer = transport.send(
                header.map(value -> call.with("Authorization", value)).orElse(call));
        if (answer.status() != 401 || !HttpTransport.isSameOrigin(answer.from(), root)) {
            return answer;
        }
        var refusal = answer.detached();
        var challenge = Challenge.of(refusal);
        var better = challenge.isPresent()
                ? authorization.answer(challenge.get(), scopes, header, root)
                : Optional.<String>empty();
        return better.isEmpty() ? refusal : transport.send(call.with("Authorization", better.get()));
    }

    /** The first address that answers in the protocol it is spoken to in; settled once. */
    private synchronized URI base() throws IOException {
        if (base.isEmpty()) {
            var found = candidates.getLast();
            for (var candidate : candidates.subList(0, candidates.size() - 1)) {
                if (answers(candidate)) {
                    found = candidate;
                    break;
                }
            }
            base.add(found);
        }
        return base.getFirst();
    }

    private boolean answers(URI candidate) {
        try (var answer = transport.send(Call.get(candidate.resolve("v2/"))).detached()) {
            var text = new String(answer.content().readAllBytes(), StandardCharsets.UTF_8);
            return answer.status() != 400 || !text.toLowerCase(Locale.ROOT).contains("https");
        } catch (IOException e) {
            return false; // the next address is tried, and its failure reported
        }
    }
}
