package dev.jcompose.cli;

/** The version of this jcompose; a test keeps it equal to the build's. */
final class Version {
    static final String TEXT = "0.1.0-SNAPSHOT";

    private Version() {}
}
