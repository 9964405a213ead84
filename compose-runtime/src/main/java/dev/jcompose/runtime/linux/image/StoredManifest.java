package dev.jcompose.runtime.linux.image;

import dev.jcompose.runtime.oci.Descriptor;

/** A manifest in the store, byte by byte as it came or was made. */
public final class StoredManifest {
    private final Descriptor descriptor;
    private final byte[] content;

    StoredManifest(Descriptor descriptor, byte[] content) {
        this.descriptor = descriptor;
        this.content = content.clone();
    }

    public Descriptor descriptor() {
        return descriptor;
    }

    public byte[] content() {
        return content.clone();
    }
}
