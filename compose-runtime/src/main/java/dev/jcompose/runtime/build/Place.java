package dev.jcompose.runtime.build;

/** A line of a Dockerfile, counted from 1. */
public record Place(String file, int line) {
    @Override
    public String toString() {
        return file + ":" + line;
    }
}
