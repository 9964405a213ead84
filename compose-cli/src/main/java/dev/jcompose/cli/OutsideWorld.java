package dev.jcompose.cli;

import dev.jcompose.model.load.ComposeProjectLoader;
import dev.jcompose.model.load.ProjectLoader;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.linux.NativeBackend;
import java.time.InstantSource;
import java.util.Map;

/** Real files and real containers. */
final class OutsideWorld implements Outside {
    private final Map<String, String> environment;

    OutsideWorld(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public ProjectLoader loader() {
        return new ComposeProjectLoader();
    }

    @Override
    public Backend backend(String command) {
        var owner = "jcompose " + command + " (pid " + ProcessHandle.current().pid() + ")";
        return NativeBackend.open(environment, owner, InstantSource.system());
    }
}
