package dev.jcompose.runtime.execute;

/** Where a running step tells how far it is, and what went wrong without being a failure. */
public interface StepReport {
    void progress(String text);

    void warned(String text);
}
