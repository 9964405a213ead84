package dev.jcompose.model;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Something a service sees at an absolute path inside its containers. */
public sealed interface Mount {
    String target();

    boolean readOnly();

    /**
     * A host path, absolute; {@code createHostPath} makes a missing source an empty directory.
     *
     * @param recursive what becomes of mounts below the source: one of the words of {@code bind.recursive}
     * @param owner {@code uid:gid} that the files of the source's owner show in the container; empty for their own
     */
    record Bind(
            String source,
            String target,
            boolean readOnly,
            boolean createHostPath,
            Optional<String> propagation,
            Optional<String> recursive,
            Optional<String> owner)
            implements Mount {}

    /** A volume declared at top level, by project key. */
    record NamedVolume(String volume, String target, boolean readOnly, boolean noCopy, Optional<String> subpath)
            implements Mount {}

    /** A volume without a name, which lives as long as its container. */
    record AnonymousVolume(String target, boolean readOnly, boolean noCopy) implements Mount {}

    record Tmpfs(String target, boolean readOnly, OptionalLong sizeBytes, OptionalInt mode, String options)
            implements Mount {}

    /** What an image holds, or a directory of it, read-only. */
    record Image(String image, String target, Optional<String> subpath) implements Mount {
        @Override
        public boolean readOnly() {
            return true;
        }
    }

    /** A kind no backend here offers yet: {@code npipe}, {@code cluster}. */
    record Other(String type, String source, String target, boolean readOnly) implements Mount {}
}
