package dev.jcompose.runtime.build;

/**
 * Text given in the Dockerfile itself.
 *
 * @param name the word that ends it, and the name of the file it makes
 * @param expand whether variables in it are replaced
 */
public record Heredoc(String name, String text, boolean expand) {}
