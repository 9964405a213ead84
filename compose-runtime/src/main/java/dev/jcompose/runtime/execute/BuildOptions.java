package dev.jcompose.runtime.execute;

import dev.jcompose.model.Build;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

/**
 * What the user asked of builds, over what the project declares.
 *
 * @param args build arguments that win over the declared ones; without a value they come from the environment
 * @param ssh agents and keys beside the declared ones
 * @param memory most bytes of memory a step may use
 */
public record BuildOptions(
        boolean noCache,
        boolean pull,
        SequencedMap<String, Optional<String>> args,
        List<String> ssh,
        OptionalLong memory) {
    public BuildOptions {
        args = new LinkedHashMap<>(args);
        ssh = List.copyOf(ssh);
    }

    public static BuildOptions defaults() {
        return new BuildOptions(false, false, new LinkedHashMap<>(), List.of(), OptionalLong.empty());
    }

    /** The declared build with these options applied; {@code images} are those of the project's services. */
    Build over(Build build, UnaryOperator<String> images) {
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
                build.pull() || pull,
                build.means().with(contexts(build, images), allSsh(build)));
    }

    private static SequencedMap<String, String> contexts(Build build, UnaryOperator<String> images) {
        SequencedMap<String, String> contexts = new LinkedHashMap<>();
        build.means()
                .contexts()
                .forEach((name, source) -> contexts.put(
                        name,
                        source.startsWith("service:")
                                ? "docker-image://" + images.apply(source.substring("service:".length()))
                                : source));
        return contexts;
    }

    private List<String> allSsh(Build build) {
        List<String> all = new ArrayList<>(build.means().ssh());
        all.addAll(ssh);
        return all;
    }
}
