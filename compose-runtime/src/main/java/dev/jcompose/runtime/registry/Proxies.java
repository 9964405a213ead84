package dev.jcompose.runtime.registry;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The way out of this network, as {@code HTTP_PROXY}, {@code HTTPS_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY} say, also in lower case. */
final class Proxies {
    private static final int DEFAULT_PORT = 3128;

    private final Map<String, String> environment;

    Proxies(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** A proxy and what it wants to be sent as {@code Proxy-Authorization}, if anything. */
    record Way(Proxy proxy, Optional<String> authorization) {
        static final Way STRAIGHT = new Way(Proxy.NO_PROXY, Optional.empty());
    }

    Way to(URI uri) {
        var host = String.valueOf(uri.getHost());
        if (Loopback.is(host) || isExcluded(host, uri.getPort())) {
            return Way.STRAIGHT;
        }
        var scheme = uri.getScheme().equals("https") ? "https_proxy" : "http_proxy";
        return variable(scheme)
                .or(() -> variable("all_proxy"))
                .map(Proxies::way)
                .orElse(Way.STRAIGHT);
    }

    private Optional<String> variable(String lower) {
        return Optional.ofNullable(environment.get(lower))
                .or(() -> Optional.ofNullable(environment.get(lower.toUpperCase(Locale.ROOT))))
                .filter(value -> !value.isBlank());
    }

    private static Way way(String text) {
        var uri = address(text);
        if (uri.getHost() == null) {
            throw new RegistryException(0, "\"" + text + "\" is not a proxy (like http://proxy.lan:3128)");
        }
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        var type = uri.getScheme().startsWith("socks") ? Proxy.Type.SOCKS : Proxy.Type.HTTP;
        var proxy = new Proxy(type, new InetSocketAddress(uri.getHost(), port));
        var authorization = Optional.ofNullable(uri.getUserInfo())
                .map(user -> "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
        return new Way(proxy, authorization);
    }

    private static URI address(String text) {
        try {
            return URI.create(text.contains("://") ? text : "http://" + text);
        } catch (IllegalArgumentException e) {
            throw new RegistryException("\"" + text + "\" is not a proxy (like http://proxy.lan:3128)", e);
        }
    }

    /** {@code NO_PROXY} lists hosts, {@code .domains} and {@code *.domains}, {@code host:port}, addresses with a prefix length, or {@code *}. */
    private boolean isExcluded(String host, int port) {
        for (var entry : List.of(variable("no_proxy").orElse("").split(",", -1))) {
            var rule = entry.strip().toLowerCase(Locale.ROOT);
            if (!rule.isEmpty() && covers(rule, host.toLowerCase(Locale.ROOT), port)) {
                return true;
            }
        }
        return false;
    }

    private static boolean covers(String rule, String host, int port) {
        if (rule.equals("*")) {
            return true;
        }
        if (rule.indexOf('/') > 0) {
            return Loopback.isInside(host, rule);
        }
        int colon = rule.lastIndexOf(':');
        boolean withPort = colon > 0 && rule.indexOf(':') == colon;
        if (withPort && !rule.substring(colon + 1).equals(String.valueOf(port))) {
            return false;
        }
        var name = withPort ? rule.substring(0, colon) : rule;
        var domain = name.startsWith("*.") ? name.substring(1) : name;
        return domain.startsWith(".") ? host.endsWith(domain) : host.equals(domain) || host.endsWith("." + domain);
    }
}
