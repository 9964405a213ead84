package dev.jcompose.runtime.linux.image;

import dev.jcompose.runtime.oci.ImageReference;
import java.util.function.Consumer;

/** Where images come from that are not on this machine. */
@FunctionalInterface
public interface ImageSource {
    /** Fetches an image into the store, or says why it cannot. */
    void fetch(ImageReference reference, ImageStore store, Consumer<String> progress) throws InterruptedException;
}
