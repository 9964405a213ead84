package dev.jcompose.cli.output;

/** The ways to show progress; {@code AUTO} is {@code TTY} on a terminal and {@code PLAIN} elsewhere. */
public enum ProgressMode {
    AUTO,
    TTY,
    PLAIN,
    JSON,
    QUIET
}
