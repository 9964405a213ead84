package dev.jcompose.runtime.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jcompose.runtime.linux.shim.HelperBinary;
import java.io.IOException;
import java.util.List;

/** Asks the helper what this kernel does not offer; done when something failed, never before. */
final class KernelCheck {
    private static final String MISSING = " missing ";

    private final HelperBinary helper;

    KernelCheck(HelperBinary helper) {
        this.helper = helper;
    }

    /** What to add to the message of a failure: nothing when the kernel has all we need. */
    String lacks() {
        var missing = lines().stream()
                .filter(line -> line.contains(MISSING))
                .map(line -> line.replace(MISSING, ": "))
                .toList();
        return missing.isEmpty() ? "" : "\nthis kernel lacks " + String.join("\nthis kernel lacks ", missing);
    }

    /** {@code <feature> ok|limited|missing <remedy>}, one for each. */
    List<String> lines() {
        try {
            var process = new ProcessBuilder(helper.path().toString(), "check").start();
            try (var in = process.getInputStream()) {
                return new String(in.readAllBytes(), UTF_8).lines().toList();
            }
        } catch (IOException e) {
            return List.of(); // the failure itself is told anyway
        }
    }
}
