package dev.jcompose.model.problem;

/** One thing wrong with what the user wrote, and where; {@code path} is the attribute, such as {@code services.web.ports[0]}. */
public record Problem(Position at, String path, String message) {
    @Override
    public String toString() {
        return path.isEmpty() ? at + ": " + message : at + ": " + path + ": " + message;
    }
}
