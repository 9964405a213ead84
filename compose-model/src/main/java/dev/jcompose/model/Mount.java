package dev.jcompose.model;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Something a service sees at an absolute path inside its containers. */
public sealed interface Mount {
    String target();

    boolean readOnly();

    /** A host path, absolute; {@code createHostPath} makes a missing source an empty directory. */
    record Bind(String source, String target, boolean readOnly, boolean createHostPath, Optional<String> propagation)
            implements Mount {}

    /** A volume declared at top level, by project key. */
    record NamedVolume(String volume, String target, boolean readOnly, boolean noCopy, Optional<String> subpath)
            implements Mount {}

    /** A volume without a name, which lives as long as its container. */
    record AnonymousVolume(String target, boolean readOnly, boolean noCopy) implements Mount {}

    record Tmpfs(String target, boolean readOnly, OptionalLong sizeBytes, OptionalInt mode, String options)
            implements Mount {}

    /** A kind no backend here offers yet: {@code image}, {@code npipe}, {@code cluster}. */
    record Other(String type, String source, String target, boolean readOnly) implements Mount {}
}
