package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.linux.shim.HelperBinary;
import dev.jcompose.runtime.linux.shim.NativeLayout;
import java.util.List;
import java.util.Map;

/** What this kernel and machine offer to the user who asks. */
public final class SystemCheck {
    private SystemCheck() {}

    /**
     * One feature.
     *
     * @param status {@code ok}, {@code limited} (containers run without it) or {@code missing}
     * @param remedy what to do about it; empty when it is there
     */
    public record Finding(String feature, String status, String remedy) {
        public boolean prevents() {
            return status.equals("missing");
        }
    }

    /** Tries every feature; nothing is changed, and nothing stays. */
    public static List<Finding> run(Map<String, String> environment) {
        var layout = NativeBackend.isRoot() ? NativeLayout.from(environment) : new Rootless(environment).layout();
        return new KernelCheck(new HelperBinary(layout.bin()))
                .lines().stream().map(SystemCheck::finding).toList();
    }

    private static Finding finding(String line) {
        var parts = line.split(" ", 3);
        return new Finding(parts[0], parts.length > 1 ? parts[1] : "missing", parts.length > 2 ? parts[2] : "");
    }
}
