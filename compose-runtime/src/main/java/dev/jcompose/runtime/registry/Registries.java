package dev.jcompose.runtime.registry;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.oci.ImageReference;
import dev.jcompose.runtime.oci.Platform;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** All registries as this user reaches them: settings, logins, mirrors, proxies. */
public final class Registries {
    private static final String HUB = "docker.io";
    private static final String HUB_API = "registry-1.docker.io";

    private final Map<String, String> environment;
    private final RegistrySettings settings;
    private final DockerConfig config;
    private final Backoff backoff;
    private final Map<String, Site> sites = new ConcurrentHashMap<>();

    private Registries(Map<String, String> environment, Backoff backoff) {
        this.environment = Map.copyOf(environment);
        this.settings = RegistrySettings.from(environment);
        this.config = DockerConfig.from(environment);
        this.backoff = backoff;
    }

    /** With the settings and logins the environment leads to. */
    public static Registries from(Map<String, String> environment) {
        return new Registries(environment, Backoff.DEFAULT);
    }

    static Registries from(Map<String, String> environment, Backoff backoff) {
        return new Registries(environment, backoff);
    }

    /** How many layers are moved at a time. */
    public int parallel() {
        return settings.parallel();
    }

    /** The platform that is wanted where nothing else is said: that of {@code DOCKER_DEFAULT_PLATFORM}, else this machine's. */
    public Platform platform() {
        return Optional.ofNullable(environment.get("DOCKER_DEFAULT_PLATFORM"))
                .filter(text -> !text.isBlank())
                .map(Platform::parse)
                .orElseGet(Platform::here);
    }

    /** The repository of an image, by its mirrors and its registry. */
    public RegistryClient repository(ImageReference image) {
        var all = new ArrayList<Site>();
        settings.host(image.registry()).mirrors().forEach(mirror -> all.add(site(mirror)));
        all.add(site(image.registry()));
        return new RegistryClient(all, image.repository(), transport("", RegistrySettings.Host.PLAIN));
    }

    /** The digest a name stands for now: that of its index where there are several platforms. */
    public Digest digest(ImageReference image) throws InterruptedException {
        return repository(image).manifest(image.tag().orElse("latest")).digest();
    }

    private Site site(String address) {
        return sites.computeIfAbsent(address, this::open);
    }

    private Site open(String address) {
        var uri = address.contains("://") ? Optional.of(address(address)) : Optional.<URI>empty();
        var rest = uri.map(URI::getRawAuthority).orElse(address);
        int slash = rest.indexOf('/');
        var host = slash < 0 ? rest : rest.substring(0, slash);
        var path = uri.map(URI::getRawPath).orElse(slash < 0 ? "" : rest.substring(slash));
        var prefix = path.replaceAll("^/+|/+$", "");
        var own = settings.host(host);
        var transport = transport(host, own);
        var candidates = uri.map(given -> List.of(given.resolve("/"))).orElseGet(() -> candidates(host, own));
        var authorization = new Authorization(host, transport, () -> config.credential(host));
        return new Site(host, candidates, prefix.isEmpty() ? "" : prefix + "/", transport, authorization, backoff);
    }

    private static URI address(String text) {
        try {
            var uri = URI.create(text);
            if (uri.getHost() != null && (text.startsWith("https://") || text.startsWith("http://"))) {
                return uri;
            }
            throw new BackendException("\"" + text
                    + "\" is not the address of a mirror (like https://mirror.lan:5000) in registries.json");
        } catch (IllegalArgumentException e) {
            throw new BackendException(
                    "\"" + text + "\" is not the address of a mirror (like https://mirror.lan:5000) in registries.json",
                    e);
        }
    }

    private HttpTransport transport(String host, RegistrySettings.Host own) {
        var authorities = Trust.files(host, own);
        boolean local = Loopback.is(name(host)) && authorities.isEmpty();
        return new HttpTransport(new Proxies(environment), own.insecure() || local, authorities);
    }

    /** On this machine plain HTTP is tried first; elsewhere only for those called insecure, and last. */
    private static List<URI> candidates(String host, RegistrySettings.Host own) {
        var api = host.equals(HUB) ? HUB_API : host;
        var secure = URI.create("https://" + api + "/");
        var plain = URI.create("http://" + api + "/");
        if (Loopback.is(name(host)) && Trust.files(host, own).isEmpty()) {
            return List.of(plain, secure);
        }
        return own.insecure() ? List.of(secure, plain) : List.of(secure);
    }

    private static String name(String host) {
        int colon = host.lastIndexOf(':');
        return colon > 0 && host.indexOf(']') < colon ? host.substring(0, colon) : host;
    }

    /** Checks a login with its registry and remembers it; tells where, if it lies in a file in clear. */
    public Optional<Path> login(String server, String user, String password) throws InterruptedException {
        var registry = registry(server);
        var credential = new Credential.Password(user, password);
        var own = settings.host(registry);
        var transport = transport(registry, own);
        var authorization = new Authorization(registry, transport, () -> Optional.of(credential));
        new Site(registry, candidates(registry, own), "", transport, authorization, backoff)
                .call("", new ApiCheck(), List.of());
        return config.store(registry, credential) ? Optional.of(config.file()) : Optional.empty();
    }

    /** Forgets a login; false when none was remembered. */
    public boolean logout(String server) throws InterruptedException {
        return config.erase(registry(server));
    }

    /** The registry a user means: {@code https://host/v1/}, {@code host:5000}, or Docker's own by any of its names. */
    public static String registry(String server) {
        var bare = server.replaceFirst("^https?://", "");
        int slash = bare.indexOf('/');
        var host = slash < 0 ? bare : bare.substring(0, slash);
        if (host.isEmpty() || host.equals("index.docker.io") || host.equals(HUB_API)) {
            return HUB;
        }
        if (!ImageReference.tryParse(host + "/x")
                .map(image -> image.registry().equals(host))
                .orElse(false)) {
            throw new BackendException("\"" + server + "\" is not a registry (like registry.lan:5000)");
        }
        return host;
    }
}
