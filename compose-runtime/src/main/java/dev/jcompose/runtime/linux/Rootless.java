package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.BackendUnavailableException;
import dev.jcompose.runtime.linux.layer.ProcessImage;
import dev.jcompose.runtime.linux.shim.HelperBinary;
import dev.jcompose.runtime.linux.shim.NativeLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets an ordinary user be root in a user namespace of their own: the helper enters it, or makes it, and runs this very
 * command again there, so that nothing else has to know.
 */
final class Rootless {
    private final Map<String, String> environment;

    Rootless(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Does not return: this process becomes the same command inside. */
    BackendUnavailableException enter() {
        var layout = layout();
        var helper = new HelperBinary(layout.bin()).path().toString();
        try {
            List<String> arguments =
                    new ArrayList<>(List.of("jcr", "rootless", layout.run().toString()));
            arguments.add(Files.readSymbolicLink(Path.of("/proc/self/exe")).toString());
            var command = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8)
                    .split("\0", -1);
            arguments.addAll(List.of(command).subList(1, command.length - 1));
            ProcessImage.replace(helper, arguments, inside(layout));
        } catch (IOException e) {
            return new BackendUnavailableException("the native backend needs /proc mounted");
        }
        return new BackendUnavailableException("cannot execute " + helper);
    }

    /** The directories the environment names, else the user's own. */
    NativeLayout layout() {
        Map<String, String> named = new HashMap<>(environment);
        var home = set("HOME").orElseGet(() -> System.getProperty("user.home"));
        var data = set("XDG_DATA_HOME").orElse(home + "/.local/share") + "/jcompose";
        var state = set("JCOMPOSE_STATE_DIR").orElse(data);
        named.put("JCOMPOSE_STATE_DIR", state);
        named.putIfAbsent(
                "JCOMPOSE_RUN_DIR",
                set("XDG_RUNTIME_DIR").map(runtime -> runtime + "/jcompose").orElse(state + "/run"));
        return NativeLayout.from(named);
    }

    private Optional<String> set(String variable) {
        return Optional.ofNullable(environment.get(variable)).filter(text -> !text.isBlank());
    }

    private List<String> inside(NativeLayout layout) {
        Map<String, String> changed = new HashMap<>(environment);
        changed.put("JCOMPOSE_STATE_DIR", layout.state().toString());
        changed.put("JCOMPOSE_RUN_DIR", layout.run().toString());
        return changed.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
    }
}
