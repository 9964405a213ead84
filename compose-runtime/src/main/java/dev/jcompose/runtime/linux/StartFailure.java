package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.ConflictException;
import dev.jcompose.runtime.ContainerFailedException;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.linux.shim.HelperException;

/** Says why a container did not start, in words of the one who declared it. */
final class StartFailure {
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;

    private final PortHolder ports;
    private final KernelCheck kernel;

    StartFailure(PortHolder ports, KernelCheck kernel) {
        this.ports = ports;
        this.kernel = kernel;
    }

    BackendException of(ContainerPlan plan, HelperException failure) {
        var subject = "cannot start container " + plan.name() + ": ";
        return switch (failure.kind()) {
            case "command-not-found" ->
                new ContainerFailedException(
                        subject + "\"" + command(plan) + "\": no such command in image " + plan.text("x-image")
                                + "; check command and entrypoint",
                        NOT_FOUND);
            case "not-executable" ->
                new ContainerFailedException(
                        subject + "\"" + command(plan) + "\" cannot be executed: " + reason(failure), NOT_EXECUTABLE);
            case "port-in-use" -> portInUse(subject, failure);
            default ->
                new BackendException(
                        subject + failure.what() + " " + failure.path() + suffix(failure.text()) + kernel.lacks());
        };
    }

    private static String command(ContainerPlan plan) {
        return plan.text("arg");
    }

    private static String reason(HelperException failure) {
        return failure.text().isEmpty() ? (failure.what() + " " + failure.path()).strip() : failure.text();
    }

    private static String suffix(String text) {
        return text.isEmpty() ? "" : ": " + text;
    }

    /** The path is {@code address:port/protocol}. */
    private BackendException portInUse(String subject, HelperException failure) {
        int slash = failure.path().lastIndexOf('/');
        int colon = failure.path().lastIndexOf(':');
        if (colon < 0 || slash < colon) {
            return new ConflictException(subject + "port " + failure.path() + " is already in use");
        }
        var port = failure.path().substring(colon + 1, slash);
        var protocol = failure.path().substring(slash + 1);
        var holder = ports.find(Integer.parseInt(port), protocol)
                .map(who -> " by " + who)
                .orElse("");
        return new ConflictException(subject + "port " + port + "/" + protocol + " of the host is already in use"
                + holder + "; stop that or publish another port");
    }
}
