package dev.jcompose.runtime.registry;

import dev.jcompose.runtime.oci.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Says what went wrong with a registry, and what can be done about it. */
final class RegistryFailure {
    private static final int MAX_WORDS = 300;

    private RegistryFailure() {}

    /** An answer that is a refusal; {@code what} was asked for. */
    static RegistryException refused(String registry, String what, boolean loggedIn, Answer answer) {
        var said = said(answer);
        var text = switch (answer.status()) {
            case 401 ->
                loggedIn
                        ? "does not take the login that is remembered for it: log in again with \"jcompose login"
                                + server(registry) + "\"" + said
                        : "wants a login for " + what + ": use \"jcompose login" + server(registry)
                                + "\", or check the name" + said;
            case 403 ->
                "does not allow " + what
                        + (loggedIn
                                ? " to who is logged in"
                                : " without a login (\"jcompose login" + server(registry) + "\")")
                        + said;
            case 404 -> "does not have " + what + said;
            case 429 -> limited(registry, loggedIn, answer) + said;
            case 413 -> "finds " + what + " too large" + said;
            default ->
                "cannot give or take " + what + ": HTTP status " + answer.status()
                        + (answer.status() >= 500 ? ", a fault of the registry; try again later" : "") + said;
        };
        return new RegistryException(answer.status(), "registry " + registry + " " + text);
    }

    private static String limited(String registry, boolean loggedIn, Answer answer) {
        var wait = answer.header("retry-after").filter(value -> value.matches("[0-9]{1,9}"));
        return "has had too many requests from here (429)"
                + wait.map(seconds -> "; it takes more in " + seconds + " s").orElse("")
                + (loggedIn
                        ? ": wait, or use a mirror (registries.json)"
                        : ": its limit is higher for those logged in (\"jcompose login" + server(registry)
                                + "\"); a mirror helps too (registries.json)");
    }

    private static String server(String registry) {
        return registry.equals("docker.io") ? "" : " " + registry;
    }

    /** A refused login itself. */
    static RegistryException login(String registry, Answer answer) {
        return answer.status() == 401 || answer.status() == 403
                ? new RegistryException(
                        answer.status(),
                        "registry " + registry + " does not take this user name and password" + said(answer))
                : refused(registry, "the login", true, answer);
    }

    /** The registry's own words, made fit for a terminal. */
    private static String said(Answer answer) {
        String body;
        try {
            body = new String(answer.document("the explanation", 64 << 10), StandardCharsets.UTF_8);
        } catch (IOException | RegistryException e) {
            return "";
        }
        var words = Json.tryParse(body)
                .flatMap(RegistryFailure::message)
                .map(RegistryFailure::clean)
                .orElse("");
        return words.isBlank() ? "" : " (it says: " + words + ")";
    }

    private static Optional<String> message(Json json) {
        if (!(json instanceof Json.Members object)) {
            return Optional.empty();
        }
        if (object.get("errors") instanceof Json.Items errors
                && !errors.values().isEmpty()) {
            return errors.values().getFirst() instanceof Json.Members first ? text(first, "message") : Optional.empty();
        }
        return text(object, "details").or(() -> text(object, "message"));
    }

    private static Optional<String> text(Json.Members object, String key) {
        return object.get(key) instanceof Json.Text text ? Optional.of(text.value()) : Optional.empty();
    }

    private static String clean(String text) {
        var line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() > MAX_WORDS ? line.substring(0, MAX_WORDS) + "..." : line;
    }

    /** No answer at all. */
    static RegistryException unreachable(String registry, IOException cause) {
        return new RegistryException("cannot reach registry " + registry + ": " + reason(registry, cause), cause);
    }

    private static String reason(String registry, IOException cause) {
        var said = clean(String.valueOf(cause.getMessage()));
        return switch (cause) {
            case UnknownHostException ignored -> "no host has that name; check the name, DNS, and HTTPS_PROXY";
            case NoRouteToHostException ignored -> "there is no way to that network (" + said + ")";
            case ConnectException ignored ->
                said + "; is it running there, and is this the right port? (behind a proxy: HTTPS_PROXY)";
            case SocketTimeoutException ignored -> "it does not answer in time (behind a proxy: HTTPS_PROXY)";
            case SSLException ignored -> tls(registry, said);
            default -> said.contains("nreachable") ? "there is no way to that network (" + said + ")" : said;
        };
    }

    private static String tls(String registry, String said) {
        var lower = said.toLowerCase(Locale.ROOT);
        if (lower.contains("unsupported or unrecognized ssl message") || lower.contains("plaintext connection")) {
            return "it speaks plain HTTP; if that is meant, call it \"insecure\" in registries.json";
        }
        if (lower.contains("certification path") || lower.contains("pkix")) {
            return "its certificate is from no authority this machine trusts: put the authority's certificate into"
                    + " /etc/docker/certs.d/" + registry + "/ca.crt, or name it as \"ca\" in registries.json";
        }
        return "no encrypted connection comes about: " + said;
    }

    /** Whether another attempt may help. */
    static boolean isPassing(IOException cause) {
        return !(cause instanceof UnknownHostException
                || cause instanceof NoRouteToHostException
                || cause instanceof ConnectException
                || cause instanceof SSLException);
    }
}
