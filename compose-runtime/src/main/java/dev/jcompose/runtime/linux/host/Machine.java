package dev.jcompose.runtime.linux.host;

import dev.jcompose.runtime.BackendException;

/**
 * A kind of machine as programs name it.
 *
 * @param number in the head of a program
 * @param triplet in the names of directories of libraries
 */
record Machine(int number, String triplet) {
    /** The machine this runs on. */
    static Machine here() {
        var arch = System.getProperty("os.arch", "");
        return switch (arch) {
            case "amd64", "x86_64" -> new Machine(62, "x86_64-linux-gnu");
            case "aarch64" -> new Machine(183, "aarch64-linux-gnu");
            default -> throw new BackendException("programs of " + arch + " machines cannot be made an image yet");
        };
    }
}
