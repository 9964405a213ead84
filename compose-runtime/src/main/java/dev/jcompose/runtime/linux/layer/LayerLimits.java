package dev.jcompose.runtime.linux.layer;

/** How much one layer may unpack to: archives are untrusted and may be made to fill the disk. */
public record LayerLimits(long entries, long bytes) {
    public static final LayerLimits DEFAULT = new LayerLimits(4_000_000, 256L << 30);
}
