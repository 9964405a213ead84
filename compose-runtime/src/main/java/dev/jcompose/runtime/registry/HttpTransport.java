package dev.jcompose.runtime.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;

/**
 * Carries calls to one registry on the JDK's lightest HTTP client. Follows redirects itself: never from HTTPS to plain HTTP,
 * and never with the credentials of one host to another.
 */
final class HttpTransport {
    private static final int CONNECT_MILLIS = 15_000;
    private static final int READ_MILLIS = 60_000;
    private static final int MAX_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final Proxies proxies;
    private final boolean insecure;
    private final Supplier<SSLContext> trust;

    HttpTransport(Proxies proxies, boolean insecure, List<Path> authorities) {
        this.proxies = proxies;
        this.insecure = insecure;
        this.trust = new Once(() -> insecure ? Trust.inAnybody() : Trust.in(authorities));
    }

    /** Made when the first TLS connection needs it: plain HTTP loads none of it. */
    private static final class Once implements Supplier<SSLContext> {
        private final Supplier<SSLContext> maker;
        private final List<SSLContext> made = new ArrayList<>();

        Once(Supplier<SSLContext> maker) {
            this.maker = maker;
        }

        @Override
        public synchronized SSLContext get() {
            if (made.isEmpty()) {
                made.add(maker.get());
            }
            return made.getFirst();
        }
    }

    boolean isInsecure() {
        return insecure;
    }

    SSLContext trust() {
        return trust.get();
    }

    Proxies proxies() {
        return proxies;
    }

    Answer send(Call first) throws IOException {
        var call = first;
        for (int i = 0; i <= MAX_REDIRECTS; i++) {
            var answer = exchange(call);
            var location = answer.header("location");
            boolean follows = call.body().isEmpty() && !call.method().equals("POST");
            if (!REDIRECTS.contains(answer.status()) || location.isEmpty() || !follows) {
                return answer;
            }
            answer.detached().close();
            call = redirected(call, location.get());
        }
        throw new RegistryException(0, "more than " + MAX_REDIRECTS + " redirects: refused");
    }

    private Call redirected(Call call, String location) {
        var target = resolve(call.uri(), location);
        if (!Objects.equals(target.getScheme(), "https") && !Objects.equals(target.getScheme(), "http")) {
            throw new RegistryException(
                    0, "redirected to \"" + location + "\", which is neither http nor https: refused");
        }
        if (call.uri().getScheme().equals("https") && target.getScheme().equals("http") && !insecure) {
            throw new RegistryException(
                    0, "redirected from https to \"" + location + "\", which is not encrypted: refused");
        }
        var there = call.to(target);
        return isSameOrigin(call.uri(), target) ? there : there.without("Authorization");
    }

    static URI resolve(URI base, String location) {
        try {
            var target = base.resolve(location);
            if (target.getHost() == null) {
                throw new RegistryException(0, "redirected to \"" + location + "\", which is no address: refused");
            }
            return target;
        } catch (IllegalArgumentException e) {
            throw new RegistryException("redirected to \"" + location + "\", which is no address: refused", e);
        }
    }

    static boolean isSameOrigin(URI one, URI other) {
        return one.getScheme().equals(other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && port(one) == port(other);
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
    }

    private Answer exchange(Call call) throws IOException {
        if (call.method().equals("PATCH")) {
            return ChunkTransport.send(this, call);
        }
        var connection = open(call);
        if (call.body().isPresent()) {
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(call.body().get().length());
            try (var out = connection.getOutputStream()) {
                call.body().get().writeTo(out);
            } catch (IOException e) {
                if (!hasAnswer(connection)) {
                    throw e;
                }
            }
        }
        return answer(call, connection);
    }

    /** A registry may refuse before it has read all that is sent. */
    private static boolean hasAnswer(HttpURLConnection connection) {
        try {
            return connection.getResponseCode() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private HttpURLConnection open(Call call) throws IOException {
        var way = proxies.to(call.uri());
        var connection = (HttpURLConnection) call.uri().toURL().openConnection(way.proxy());
        connection.setRequestMethod(call.method());
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        connection.setRequestProperty("User-Agent", "jcompose");
        call.headers().forEach(connection::setRequestProperty);
        way.authorization().ifPresent(value -> connection.setRequestProperty("Proxy-Authorization", value));
        if (connection instanceof HttpsURLConnection secure) {
            secure.setSSLSocketFactory(trust.get().getSocketFactory());
            if (insecure) {
                secure.setHostnameVerifier((host, session) -> true);
            }
        }
        return connection;
    }

    private static Answer answer(Call call, HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        if (status < 0) {
            throw new IOException("not an HTTP answer");
        }
        return new Answer(status, call.uri(), headers(connection.getHeaderFields()), content(connection, status));
    }

    static Map<String, List<String>> headers(Map<String, List<String>> received) {
        var headers = new HashMap<String, List<String>>();
        received.forEach((name, values) -> {
            if (name != null) {
                headers.merge(name.toLowerCase(Locale.ROOT), List.copyOf(values), HttpTransport::both);
            }
        });
        return headers;
    }

    private static List<String> both(List<String> some, List<String> more) {
        var all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    private static InputStream content(HttpURLConnection connection, int status) throws IOException {
        if (status < 400) {
            return connection.getInputStream();
        }
        var error = connection.getErrorStream();
        return error == null ? InputStream.nullInputStream() : error;
    }
}
