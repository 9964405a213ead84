package dev.jcompose.cli.command;

import dev.jcompose.cli.command.PlanRunner.Target;
import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.model.syntax.SizeSyntax;
import dev.jcompose.model.syntax.SyntaxException;
import dev.jcompose.runtime.execute.BuildOptions;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;

/** {@code build}: builds the images of services. */
public final class BuildCommand implements Command {
    private final Options options = new Options("Build or rebuild services");
    private final Flag noCache = options.flag("Run every step again", "--no-cache");
    private final Flag pull = options.flag("Fetch newer base images", "--pull");
    private final Values arguments = options.values("KEY=VALUE", "Set a build argument", "--build-arg");
    private final Flag quiet = options.flag("Show no progress", "-q", "--quiet");
    private final Flag withDependencies =
            options.flag("Also build the services these depend on", "--with-dependencies");
    private final Values ssh = options.values("ID[=SOCKET]", "Let steps use an SSH agent", "--ssh");
    private final Value memory = options.value("BYTES", "Most memory a step may use", "-m", "--memory");
    private final Values services = options.arguments("[SERVICE...]");

    private final ProjectWork work;

    public BuildCommand(ProjectWork work) {
        this.work = work;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (var backend = work.backends().get()) {
            var project = work.load(backend, services.all());
            work.locked(backend, project.name(), () -> {
                var observed = ProjectWork.observe(backend, project);
                var plan = work.planner().build(project, services.all(), withDependencies.isSet());
                var builds = new BuildOptions(noCache.isSet(), pull.isSet(), buildArguments(), ssh.all(), memory());
                work.runner()
                        .run(
                                quiet.isSet() ? PlanRunner.SILENT : "build",
                                plan,
                                new Target(backend, Optional.of(project), observed),
                                builds);
            });
        }
        return 0;
    }

    private OptionalLong memory() {
        if (memory.get().isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(SizeSyntax.parse(memory.or("")));
        } catch (SyntaxException e) {
            throw new UsageException("--memory takes a size like 512m, not \"" + memory.or("") + "\"");
        }
    }

    private SequencedMap<String, Optional<String>> buildArguments() {
        var values = new LinkedHashMap<String, Optional<String>>();
        for (var argument : arguments.all()) {
            int equals = argument.indexOf('=');
            if (equals < 0) {
                values.put(argument, Optional.empty());
            } else {
                values.put(argument.substring(0, equals), Optional.of(argument.substring(equals + 1)));
            }
        }
        return values;
    }
}
