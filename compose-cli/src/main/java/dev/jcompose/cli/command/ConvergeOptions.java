package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.Parsing;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.model.Project;
import dev.jcompose.model.PullPolicy;
import dev.jcompose.planner.UpOptions;
import dev.jcompose.planner.UpOptions.Building;
import dev.jcompose.planner.UpOptions.Recreate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What {@code up} and {@code create} have in common: how containers become what the project declares. */
final class ConvergeOptions {
    private static final List<String> POLICIES = List.of("always", "missing", "never", "build", "policy");

    private final Flag build;
    private final Flag noBuild;
    private final Flag forceRecreate;
    private final Flag noRecreate;
    private final Value pull;
    private final Flag quietPull;
    private final Flag removeOrphans;
    private final Values scale;

    ConvergeOptions(Options options) {
        build = options.flag("Build images before starting containers", "--build");
        noBuild = options.flag("Do not build an image, even if it is missing", "--no-build");
        forceRecreate = options.flag("Recreate containers even if nothing changed", "--force-recreate");
        noRecreate = options.flag("Keep containers even if something changed", "--no-recreate");
        pull = options.value("POLICY", "When to fetch images: always, missing, never, build", "--pull");
        quietPull = options.flag("Show no progress of fetched images", "--quiet-pull");
        removeOrphans = options.flag("Remove containers of services no longer declared", "--remove-orphans");
        scale = options.values("SERVICE=N", "How many containers a service shall have", "--scale");
        options.flag("Answer yes to every question", "-y", "--yes");
    }

    /** Refuses flags that exclude each other. */
    void check() {
        refuse(forceRecreate, "--force-recreate", noRecreate, "--no-recreate");
        refuse(build, "--build", noBuild, "--no-build");
        if (!POLICIES.contains(pull.or("policy"))) {
            throw new UsageException("--pull is one of always, missing, never, build, not \"" + pull.or("") + "\"");
        }
        Parsing.scale(scale.all());
    }

    boolean keepsContainers() {
        return noRecreate.isSet();
    }

    boolean quietPull() {
        return quietPull.isSet();
    }

    /** What the planner is asked. */
    UpOptions toUpOptions(List<String> services, Extent extent) {
        return new UpOptions(
                services,
                Parsing.scale(scale.all()),
                recreate(),
                extent.alwaysRecreateDependencies(),
                extent.withDependencies(),
                building(),
                true,
                extent.removeOrphans() || removeOrphans.isSet(),
                extent.renewAnonymousVolumes(),
                extent.ignoreOrphans(),
                false,
                extent.timeout());
    }

    /** The project with the policy of {@code --pull} over those of its services. */
    Project withPullPolicy(Project project) {
        return withPullPolicy(project, pull.or("policy"));
    }

    /** The same with a policy by its word. */
    static Project withPullPolicy(Project project, String policy) {
        return switch (policy) {
            case "always" -> project.withPullPolicy(new PullPolicy.Always());
            case "missing" -> project.withPullPolicy(new PullPolicy.Missing());
            case "never" -> project.withPullPolicy(new PullPolicy.Never());
            default -> project;
        };
    }

    /**
     * What only {@code up} lets the user choose, and what the environment says.
     *
     * @param removeOrphans also without the flag
     */
    record Extent(
            boolean alwaysRecreateDependencies,
            boolean withDependencies,
            boolean renewAnonymousVolumes,
            boolean removeOrphans,
            boolean ignoreOrphans,
            Optional<Duration> timeout) {}

    private Recreate recreate() {
        if (forceRecreate.isSet()) {
            return Recreate.ALWAYS;
        }
        return noRecreate.isSet() ? Recreate.NEVER : Recreate.IF_CHANGED;
    }

    private Building building() {
        if (build.isSet() || pull.or("").equals("build")) {
            return Building.ALWAYS;
        }
        return noBuild.isSet() ? Building.NEVER : Building.IF_MISSING;
    }

    static void refuse(Flag one, String oneName, Flag other, String otherName) {
        if (one.isSet() && other.isSet()) {
            throw new UsageException(oneName + " and " + otherName + " are incompatible");
        }
    }
}
