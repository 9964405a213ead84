package dev.jcompose.runtime.execute;

import dev.jcompose.model.Build;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What the user asked of builds, over what the project declares.
 *
 * @param args build arguments that win over the declared ones; without a value they come from the environment
 */
public record BuildOptions(boolean noCache, boolean pull, SequencedMap<String, Optional<String>> args) {
    public BuildOptions {
        args = new LinkedHashMap<>(args);
    }

    public static BuildOptions defaults() {
        return new BuildOptions(false, false, new LinkedHashMap<>());
    }

    /** The declared build with these options applied. */
    Build over(Build build) {
        SequencedMap<String, Optional<String>> all = new LinkedHashMap<>(build.args());
        all.putAll(args);
        return new Build(
                build.context(),
                build.dockerfile(),
                build.dockerfileInline(),
                all,
                build.target(),
                build.labels(),
                build.tags(),
                build.noCache() || noCache,
                build.pull() || pull);
    }
}
