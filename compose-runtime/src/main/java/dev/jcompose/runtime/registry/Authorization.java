package dev.jcompose.runtime.registry;

import dev.jcompose.runtime.oci.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** How calls to one registry show who is asking. Learns from challenges; tokens are kept for as long as they are taken. */
final class Authorization {
    private static final int MAX_TOKEN = 1 << 20;

    /** Finds the login for the registry, perhaps by asking a helper. */
    @FunctionalInterface
    interface Login {
        Optional<Credential> find() throws InterruptedException;
    }

    private final String registry;
    private final HttpTransport transport;
    private final Login login;
    private final Map<String, String> headers = new ConcurrentHashMap<>();

    Authorization(String registry, HttpTransport transport, Login login) {
        this.registry = registry;
        this.transport = transport;
        this.login = login;
    }

    /** The header that was last taken for a scope. */
    Optional<String> known(String scope) {
        return Optional.ofNullable(headers.get(scope));
    }

    boolean isLoggedIn() throws InterruptedException {
        return login.find().isPresent();
    }

    /** Answers a challenge; {@code refused} is the header that was sent, if any. Empty when there is nothing new to show. */
    Optional<String> answer(Challenge challenge, List<String> scopes, Optional<String> refused, URI asked)
            throws IOException, InterruptedException {
        var key = String.join(" ", scopes);
        var meanwhile = known(key);
        if (meanwhile.isPresent() && !meanwhile.equals(refused)) {
            return meanwhile;
        }
        var header = challenge.scheme().equals("bearer")
                ? Optional.of("Bearer " + token(challenge, scopes, asked))
                : login.find()
                        .filter(Credential.Password.class::isInstance)
                        .map(c -> ((Credential.Password) c).basic());
        var news = header.filter(value -> !Optional.of(value).equals(refused));
        news.ifPresent(value -> headers.put(key, value));
        return news;
    }

    private String token(Challenge challenge, List<String> scopes, URI asked) throws IOException, InterruptedException {
        var realm = realm(challenge, asked);
        var call = login.find()
                .map(credential -> request(realm, challenge, scopes, credential))
                .orElseGet(() -> Call.get(withQuery(realm, challenge, scopes)));
        var answer = transport.send(call);
        try (answer) {
            if (!answer.isGood()) {
                throw RegistryFailure.login(registry, answer.detached());
            }
            var json = Json.tryParse(new String(answer.document("the token", MAX_TOKEN), StandardCharsets.UTF_8));
            var token = json.flatMap(all -> all.get("token")
                    .text()
                    .filter(text -> !text.isEmpty())
                    .or(() -> all.get("access_token").text()));
            return token.filter(Authorization::isToken)
                    .orElseThrow(() -> new RegistryException(
                            0, "registry " + registry + ": " + realm.getHost() + " sent no token that can be used"));
        }
    }

    /** What could end a header would let the sender of a token write headers of its own. */
    private static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 127);
    }

    /** A password must not leave the encrypted way the registry is reached on. */
    private URI realm(Challenge challenge, URI asked) {
        var text = challenge.parameter("realm");
        var realm = HttpTransport.resolve(asked, text);
        boolean encrypted = "https".equals(realm.getScheme());
        boolean allowed = encrypted
                || ("http".equals(realm.getScheme())
                        && (asked.getScheme().equals("http")
                                || Loopback.is(realm.getHost())
                                || transport.isInsecure()));
        if (text.isEmpty() || !allowed) {
            throw new RegistryException(
                    0,
                    "registry " + registry + " wants tokens to be fetched from \"" + text
                            + "\", which is not encrypted: refused");
        }
        return realm;
    }

    private static URI withQuery(URI realm, Challenge challenge, List<String> scopes) {
        var query = new StringBuilder(realm.getRawQuery() == null ? "" : realm.getRawQuery() + "&");
        query.append("service=").append(encoded(challenge.parameter("service")));
        scopes.forEach(scope -> query.append("&scope=").append(encoded(scope)));
        var text = realm.toString();
        int mark = text.indexOf('?');
        return URI.create((mark < 0 ? text : text.substring(0, mark)) + "?" + query);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Call request(URI realm, Challenge challenge, List<String> scopes, Credential credential) {
        return switch (credential) {
            case Credential.Password password ->
                Call.get(withQuery(realm, challenge, scopes)).with("Authorization", password.basic());
            case Credential.IdentityToken token -> {
                var form = "grant_type=refresh_token&client_id=jcompose&service="
                        + encoded(challenge.parameter("service")) + "&scope="
                        + encoded(String.join(" ", scopes)) + "&refresh_token=" + encoded(token.token());
                yield new Call(
                        "POST",
                        realm,
                        Map.of("Content-Type", "application/x-www-form-urlencoded"),
                        Optional.of(Call.Body.of(form.getBytes(StandardCharsets.UTF_8))));
            }
        };
    }
}
