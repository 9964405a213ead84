package dev.jcompose.runtime;

/**
 * How far a part of an image is on its way to or from a registry.
 *
 * @param layer the first digits of its digest
 * @param state what is done with it: {@code Downloading}
 * @param done bytes moved so far
 * @param total bytes to move; 0 where there is nothing to count
 * @param finished whether nothing more will be told of it
 */
public record LayerProgress(String layer, String state, long done, long total, boolean finished) {
    public static LayerProgress working(String layer, String state) {
        return new LayerProgress(layer, state, 0, 0, false);
    }

    public static LayerProgress moving(String layer, String state, long done, long total) {
        return new LayerProgress(layer, state, done, total, false);
    }

    public static LayerProgress finished(String layer, String state) {
        return new LayerProgress(layer, state, 0, 0, true);
    }
}
