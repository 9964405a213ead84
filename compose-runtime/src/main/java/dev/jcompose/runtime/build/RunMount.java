package dev.jcompose.runtime.build;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One {@code RUN --mount=...}: what a command sees for its own time only.
 *
 * @param target absolute or relative to the working directory; empty for the kind's own place
 * @param from a stage, image or named context; empty for the build context
 */
public record RunMount(
        Place place,
        Type type,
        String target,
        String source,
        Optional<String> from,
        Optional<String> id,
        boolean readOnly,
        Sharing sharing,
        boolean required,
        OptionalInt mode,
        int uid,
        int gid,
        OptionalLong size,
        Optional<String> env) {
    /** What is mounted. */
    public enum Type {
        BIND("target source from readwrite"),
        CACHE("target source from id readonly sharing mode uid gid"),
        SECRET("target id required mode uid gid env"),
        SSH("target id required mode uid gid"),
        TMPFS("target size");

        private final String options;

        Type(String options) {
            this.options = options;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What happens to a cache that several commands want at once. */
    public enum Sharing {
        SHARED,
        PRIVATE,
        LOCKED
    }

    static RunMount parse(Place place, String text, Expansion expansion) {
        var given = MountOptions.parse(place, text, expansion);
        var type = given.choice("type", "bind", Type.values());
        given.allow(Set.of(type.options.split(" ", -1)), type.word());
        var mount = new RunMount(
                place,
                type,
                given.text("target").orElse(""),
                given.text("source").orElse(""),
                given.text("from"),
                given.text("id"),
                type == Type.BIND ? !given.flag("readwrite") : given.flag("readonly"),
                given.choice("sharing", "shared", Sharing.values()),
                given.flag("required"),
                given.octal("mode"),
                given.number("uid"),
                given.number("gid"),
                given.size("size"),
                given.text("env"));
        boolean needsTarget = type != Type.SECRET && type != Type.SSH;
        if (needsTarget && mount.target().isEmpty()) {
            throw new BuildException(place, "--mount=type=" + type.word() + " needs a target");
        }
        if (type == Type.SECRET && mount.id().isEmpty() && mount.target().isEmpty()) {
            throw new BuildException(place, "--mount=type=secret needs an id or a target");
        }
        return mount;
    }

    /** Names of options that mean the same. */
    static final Map<String, String> ALIASES =
            Map.of("dst", "target", "destination", "target", "src", "source", "ro", "readonly", "rw", "readwrite");
}
