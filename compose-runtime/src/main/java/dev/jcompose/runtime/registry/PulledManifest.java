package dev.jcompose.runtime.registry;

import dev.jcompose.runtime.oci.Digest;

/** A manifest or index exactly as the registry gave it; its content has its digest. */
public final class PulledManifest {
    private final String mediaType;
    private final Digest digest;
    private final byte[] content;

    PulledManifest(String mediaType, Digest digest, byte[] content) {
        this.mediaType = mediaType;
        this.digest = digest;
        this.content = content.clone();
    }

    public String mediaType() {
        return mediaType;
    }

    public Digest digest() {
        return digest;
    }

    public byte[] content() {
        return content.clone();
    }
}
