package dev.jcompose.runtime.registry;

import dev.jcompose.runtime.oci.Digest;

/** A manifest or index exactly as the registry gave it; {@code content} has that digest. */
public record PulledManifest(String mediaType, Digest digest, byte[] content) {
    public PulledManifest {
        content = content.clone();
    }

    @Override
    public byte[] content() {
        return content.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PulledManifest manifest && manifest.digest.equals(digest);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }
}
