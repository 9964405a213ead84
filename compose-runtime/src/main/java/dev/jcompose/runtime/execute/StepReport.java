package dev.jcompose.runtime.execute;

import dev.jcompose.runtime.LayerProgress;

/** Where a running step tells how far it is, and what went wrong without being a failure. */
public interface StepReport {
    void progress(String text);

    /** How far a layer of the step's image is. */
    void layer(LayerProgress layer);

    void warned(String text);
}
