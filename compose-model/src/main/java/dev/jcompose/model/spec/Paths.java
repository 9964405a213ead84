package dev.jcompose.model.spec;

/** How relative paths of a file become what the project uses. */
public interface Paths {
    /** A file or directory of the host. */
    String file(String path);

    /** The source of a bind mount, which may also be a Windows path. */
    String bind(String path);

    /** A build context: a directory or a URL. */
    String context(String context);
}
