package dev.jcompose.model.problem;

/** A place in a file the user wrote; line and column count from 1, as editors do, and are 0 for the file as a whole. */
public record Position(String file, int line, int column) {
    /** The file as a whole, which may be missing or unreadable. */
    public static Position of(String file) {
        return new Position(file, 0, 0);
    }

    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
