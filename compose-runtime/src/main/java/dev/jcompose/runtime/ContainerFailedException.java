package dev.jcompose.runtime;

/** A container ended, or turned unhealthy, where it had to go on; carries the exit code the command should end with. */
public final class ContainerFailedException extends BackendException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    public ContainerFailedException(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
