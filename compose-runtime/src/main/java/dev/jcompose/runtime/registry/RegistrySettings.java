package dev.jcompose.runtime.registry;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.oci.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the user says about registries in {@code registries.json}.
 *
 * @param parallel how many layers are moved at a time
 */
record RegistrySettings(Map<String, Host> hosts, int parallel) {
    private static final int PARALLEL = 4;
    private static final Set<String> KEYS = Set.of("registries", "parallel");
    private static final Set<String> HOST_KEYS = Set.of("mirrors", "insecure", "ca");

    RegistrySettings {
        hosts = Map.copyOf(hosts);
    }

    /**
     * About one registry.
     *
     * @param mirrors asked before the registry itself, in this order: {@code https://mirror.lan:5000/path}
     * @param insecure whether plain HTTP and certificates of anybody will do
     * @param ca files with certificates of authorities to trust
     */
    record Host(List<String> mirrors, boolean insecure, List<Path> ca) {
        static final Host PLAIN = new Host(List.of(), false, List.of());

        Host {
            mirrors = List.copyOf(mirrors);
            ca = List.copyOf(ca);
        }
    }

    Host host(String name) {
        return hosts.getOrDefault(name, Host.PLAIN);
    }

    /** Reads the file {@code JCOMPOSE_REGISTRIES} names, else the user's, else the machine's. */
    static RegistrySettings from(Map<String, String> environment) {
        var named = Optional.ofNullable(environment.get("JCOMPOSE_REGISTRIES")).filter(text -> !text.isBlank());
        if (named.isPresent()) {
            var file = Path.of(named.get());
            return read(file)
                    .orElseThrow(() -> new BackendException("no such file: " + file + " (JCOMPOSE_REGISTRIES)"));
        }
        var home = environment.getOrDefault("HOME", System.getProperty("user.home", "/"));
        var config = Optional.ofNullable(environment.get("XDG_CONFIG_HOME"))
                .filter(text -> !text.isBlank())
                .orElse(home + "/.config");
        return read(Path.of(config, "jcompose", "registries.json"))
                .or(() -> read(Path.of("/etc/jcompose/registries.json")))
                .orElseGet(() -> new RegistrySettings(Map.of(), PARALLEL));
    }

    private static Optional<RegistrySettings> read(Path file) {
        try {
            return Optional.of(parse(file, Json.read(Files.readAllBytes(file))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new BackendException("cannot read " + file + ": " + e, e);
        } catch (BackendException e) {
            throw new BackendException(
                    file + ": " + String.valueOf(e.getMessage()).replace("not a valid image document: ", ""), e);
        }
    }

    private static RegistrySettings parse(Path file, Json json) {
        check(json, KEYS);
        var hosts = new LinkedHashMap<String, Host>();
        json.get("registries").members().forEach((name, host) -> hosts.put(name, host(file, host)));
        long parallel = json.get("parallel").number(PARALLEL);
        if (parallel < 1 || parallel > 64) {
            throw new BackendException("\"parallel\" is a number from 1 to 64, not " + parallel);
        }
        return new RegistrySettings(hosts, (int) parallel);
    }

    private static Host host(Path file, Json json) {
        check(json, HOST_KEYS);
        var directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        return new Host(
                json.get("mirrors").texts(),
                json.get("insecure").isTrue(),
                json.get("ca").texts().stream().map(directory::resolve).toList());
    }

    private static void check(Json json, Set<String> known) {
        for (var key : json.members().keySet()) {
            if (!known.contains(key)) {
                throw new BackendException("unknown key \"" + key + "\" (there are "
                        + String.join(", ", known.stream().sorted().toList()) + ")");
            }
        }
    }
}
