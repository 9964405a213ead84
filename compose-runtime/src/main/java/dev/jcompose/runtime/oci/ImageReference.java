package dev.jcompose.runtime.oci;

import dev.jcompose.runtime.BackendException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of an image in full, normalised as Docker does: {@code busybox} is {@code docker.io/library/busybox:latest}.
 *
 * @param repository path below the registry, such as {@code library/busybox}
 * @param tag empty only when there is a digest
 */
public record ImageReference(String registry, String repository, Optional<String> tag, Optional<Digest> digest) {
    private static final String DEFAULT_REGISTRY = "docker.io";
    private static final String OFFICIAL = "library/";
    private static final String COMPONENT = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
    private static final Pattern REPOSITORY = Pattern.compile(COMPONENT + "(?:/" + COMPONENT + ")*");
    private static final Pattern REGISTRY =
            Pattern.compile("(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\\[[a-fA-F0-9:]+])(?::[0-9]+)?");
    private static final Pattern TAG = Pattern.compile("\\w[\\w.-]{0,127}");

    /** Reads a reference as the user wrote it. */
    public static ImageReference parse(String text) {
        return tryParse(text)
                .orElseThrow(() -> new BackendException(
                        "\"" + text + "\" is not an image name (like name, name:tag or registry/path/name:tag)"));
    }

    /** As {@link #parse}, but empty for what is not a reference. */
    public static Optional<ImageReference> tryParse(String text) {
        var rest = text;
        Optional<Digest> digest = Optional.empty();
        int at = rest.indexOf('@');
        if (at >= 0) {
            if (!rest.startsWith("sha256:", at + 1) || !Digest.isHex(rest.substring(at + 8))) {
                return Optional.empty();
            }
            digest = Optional.of(new Digest(rest.substring(at + 8)));
            rest = rest.substring(0, at);
        }
        Optional<String> tag = Optional.empty();
        int colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
        if (colon >= 0) {
            tag = Optional.of(rest.substring(colon + 1));
            rest = rest.substring(0, colon);
        }
        if (tag.isEmpty() && digest.isEmpty()) {
            tag = Optional.of("latest");
        }
        return checked(rest, tag, digest);
    }

    private static Optional<ImageReference> checked(String name, Optional<String> tag, Optional<Digest> digest) {
        int slash = name.indexOf('/');
        var registry = DEFAULT_REGISTRY;
        var repository = name;
        if (slash >= 0 && isRegistry(name.substring(0, slash))) {
            registry = name.substring(0, slash);
            repository = name.substring(slash + 1);
        }
        if (registry.equals("index.docker.io")) {
            registry = DEFAULT_REGISTRY;
        }
        if (registry.equals(DEFAULT_REGISTRY) && repository.indexOf('/') < 0) {
            repository = OFFICIAL + repository;
        }
        var good = REGISTRY.matcher(registry).matches()
                && repository.length() <= 255
                && REPOSITORY.matcher(repository).matches()
                && tag.map(t -> TAG.matcher(t).matches()).orElse(true);
        return good ? Optional.of(new ImageReference(registry, repository, tag, digest)) : Optional.empty();
    }

    private static boolean isRegistry(String first) {
        return first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost");
    }

    /** {@code docker.io/library/busybox}. */
    public String name() {
        return registry + "/" + repository;
    }

    /** {@code docker.io/library/busybox:latest}. */
    public String full() {
        return name() + suffix();
    }

    /** {@code busybox:latest}. */
    public String brief() {
        if (!registry.equals(DEFAULT_REGISTRY)) {
            return full();
        }
        return (repository.startsWith(OFFICIAL) ? repository.substring(OFFICIAL.length()) : repository) + suffix();
    }

    private String suffix() {
        return tag.map(t -> ":" + t).orElse("") + digest.map(d -> "@" + d).orElse("");
    }

    @Override
    public String toString() {
        return brief();
    }
}
