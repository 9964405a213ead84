package dev.jcompose.runtime.registry;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.oci.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;

/**
 * Docker's {@code config.json}, shared with other tools: reads logins from it and changes them in it, leaving everything else
 * as it is.
 */
final class DockerConfig {
    static final String HUB = "https://index.docker.io/v1/";

    private final Path file;

    DockerConfig(Path file) {
        this.file = file;
    }

    /** The file in {@code DOCKER_CONFIG}, else in the user's home. */
    static DockerConfig from(Map<String, String> environment) {
        var directory = Optional.ofNullable(environment.get("DOCKER_CONFIG"))
                .filter(text -> !text.isBlank())
                .orElseGet(() -> environment.getOrDefault("HOME", System.getProperty("user.home", "/")) + "/.docker");
        return new DockerConfig(Path.of(directory, "config.json"));
    }

    Path file() {
        return file;
    }

    /** The key under which a registry's login is kept. */
    static String server(String registry) {
        return registry.equals("docker.io") ? HUB : registry;
    }

    /** The login for a registry, from its helper or from the file itself. */
    Optional<Credential> credential(String registry) throws InterruptedException {
        var json = read();
        var helper = helper(json, registry);
        if (helper.isPresent()) {
            var found = helper.get().get(server(registry));
            if (found.isPresent()) {
                return found;
            }
        }
        for (var entry : json.get("auths").members().entrySet()) {
            if (names(entry.getKey(), registry)) {
                var found = credential(entry.getValue());
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** Keys are written {@code host}, {@code https://host}, or with a path behind. */
    private static boolean names(String key, String registry) {
        if (key.equals(server(registry))) {
            return true;
        }
        var bare = key.replaceFirst("^https?://", "");
        int slash = bare.indexOf('/');
        return (slash < 0 ? bare : bare.substring(0, slash)).equals(registry);
    }

    private Optional<Credential> credential(Json auth) {
        var token = auth.get("identitytoken").text().filter(text -> !text.isEmpty());
        if (token.isPresent()) {
            return Optional.of(new Credential.IdentityToken(token.get()));
        }
        var encoded = auth.get("auth").text().filter(text -> !text.isEmpty());
        if (encoded.isPresent()) {
            return Optional.of(decoded(encoded.get()));
        }
        var user = auth.get("username").text().filter(text -> !text.isEmpty());
        return user.map(name ->
                new Credential.Password(name, auth.get("password").text().orElse("")));
    }

    private Credential decoded(String encoded) {
        try {
            var text = new String(Base64.getDecoder().decode(encoded.strip()), StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            if (colon > 0) {
                return new Credential.Password(
                        text.substring(0, colon), text.substring(colon + 1).replace("\0", ""));
            }
        } catch (IllegalArgumentException e) {
            throw new BackendException(file + ": a login is damaged (\"auth\" is not base64): log in again", e);
        }
        throw new BackendException(file + ": a login is damaged (\"auth\" is not user:password): log in again");
    }

    private static Optional<CredentialHelper> helper(Json json, String registry) {
        return json.get("credHelpers")
                .get(server(registry))
                .text()
                .or(() -> json.get("credHelpers").get(registry).text())
                .or(() -> json.get("credsStore").text())
                .filter(name -> !name.isEmpty())
                .map(CredentialHelper::new);
    }

    /** Remembers a login; tells whether it lies in the file itself, where others may read it. */
    boolean store(String registry, Credential.Password credential) throws InterruptedException {
        var json = read();
        var helper = helper(json, registry);
        Map<String, Json> login = new LinkedHashMap<>();
        if (helper.isPresent()) {
            helper.get().store(server(registry), credential);
        } else {
            login.put("auth", new Json.Text(credential.encoded()));
        }
        var auths = new LinkedHashMap<>(json.get("auths").members());
        auths.put(server(registry), new Json.Members(new LinkedHashMap<>(login)));
        write(json, auths);
        return helper.isEmpty();
    }

    /** Forgets a login; false when there was none. */
    boolean erase(String registry) throws InterruptedException {
        var json = read();
        var helper = helper(json, registry);
        if (helper.isPresent()) {
            helper.get().erase(server(registry));
        }
        var auths = new LinkedHashMap<>(json.get("auths").members());
        boolean there = auths.keySet().removeIf(key -> names(key, registry));
        if (there) {
            write(json, auths);
        }
        return there;
    }

    private Json read() {
        try {
            return Json.read(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return new Json.Members(new LinkedHashMap<>());
        } catch (IOException e) {
            throw new BackendException("cannot read " + file + ": " + e, e);
        } catch (BackendException e) {
            throw new BackendException(
                    file + ": " + String.valueOf(e.getMessage()).replace("not a valid image document: ", ""), e);
        }
    }

    /** Replaces the file whole, readable by its owner only from its first byte on; a link stays one. */
    private void write(Json json, SequencedMap<String, Json> auths) {
        var members = new LinkedHashMap<>(json.members());
        members.put("auths", new Json.Members(auths));
        var secret = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try {
            var target = Files.isSymbolicLink(file) ? file.toRealPath() : file.toAbsolutePath();
            var directory = Optional.ofNullable(target.getParent()).orElse(Path.of("/"));
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            var temporary = directory.resolve(".config.json-" + UUID.randomUUID());
            try (var channel = FileChannel.open(
                    temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), secret)) {
                var content = ByteBuffer.wrap(new Json.Members(members).write());
                while (content.hasRemaining()) {
                    channel.write(content);
                }
                channel.force(true);
                keepOwner(target, temporary);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new BackendException("cannot write " + file + ": " + e, e);
        }
    }

    /** Root may log in for somebody else, as {@code sudo} does. */
    private static void keepOwner(Path old, Path replacement) throws IOException {
        if (Files.exists(old, LinkOption.NOFOLLOW_LINKS)) {
            for (var id : List.of("unix:uid", "unix:gid")) {
                var owner = Files.getAttribute(old, id);
                if (!owner.equals(Files.getAttribute(replacement, id))) {
                    Files.setAttribute(replacement, id, owner);
                }
            }
        }
    }
}
