package dev.jcompose.model.decode;

import dev.jcompose.model.Build;
import dev.jcompose.model.BuildMeans;
import dev.jcompose.model.Dependency;
import dev.jcompose.model.Healthcheck;
import dev.jcompose.model.Lifecycle;
import dev.jcompose.model.ProcessConfig;
import dev.jcompose.model.PullPolicy;
import dev.jcompose.model.RestartPolicy;
import dev.jcompose.model.syntax.DurationSyntax;
import dev.jcompose.model.syntax.SyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** What runs, how it is built, and when it starts and stops. */
final class ProcessDecoder {
    private ProcessDecoder() {}

    static ProcessConfig process(Fields service) {
        return new ProcessConfig(
                service.maybeWords("command"),
                service.maybeWords("entrypoint"),
                service.variables("environment"),
                service.word("working_dir"),
                service.word("user"),
                service.words("group_add"),
                service.flag("tty"),
                service.flag("stdin_open"),
                service.flag("init"));
    }

    static Optional<Build> build(Fields service) {
        if (service.mapping().mapping("build").isEmpty()) {
            return Optional.empty();
        }
        var build = service.fields("build");
        return Optional.of(new Build(
                build.word("context").orElse("."),
                build.word("dockerfile"),
                build.word("dockerfile_inline"),
                build.variables("args"),
                build.word("target"),
                build.pairs("labels"),
                build.words("tags"),
                build.flag("no_cache"),
                build.flag("pull"),
                means(build)));
    }

    private static BuildMeans means(Fields build) {
        var entitlements = new ArrayList<>(build.words("entitlements"));
        if (build.flag("privileged")) {
            entitlements.add("security.insecure");
        }
        return new BuildMeans(
                build.pairs("additional_contexts"),
                StorageDecoder.files(build, "secrets", ""),
                build.words("ssh"),
                build.word("network"),
                NetworkingDecoder.hosts(build),
                build.whole("shm_size"),
                LimitsDecoder.ulimits(build),
                entitlements,
                build.words("platforms"),
                build.words("no_cache_filter"),
                build.words("cache_from"),
                build.words("cache_to"));
    }

    static Lifecycle lifecycle(Fields service) {
        return new Lifecycle(
                dependencies(service),
                healthcheck(service),
                restart(service),
                service.word("stop_signal"),
                service.duration("stop_grace_period"),
                new Lifecycle.Hooks(hooks(service, "post_start"), hooks(service, "pre_stop")),
                restarts(service));
    }

    private static List<Lifecycle.Hook> hooks(Fields service, String key) {
        var found = new ArrayList<Lifecycle.Hook>();
        for (var hook : service.list(key)) {
            found.add(new Lifecycle.Hook(
                    hook.words("command"),
                    hook.word("user"),
                    hook.flag("privileged"),
                    hook.word("working_dir"),
                    hook.variables("environment")));
        }
        return found;
    }

    private static Lifecycle.Restarts restarts(Fields service) {
        var policy = service.fields("deploy").fields("restart_policy");
        return new Lifecycle.Restarts(
                policy.duration("delay"),
                policy.duration("window"),
                service.fields("x-jcompose").flag("restart-unhealthy"));
    }

    private static SequencedMap<String, Dependency> dependencies(Fields service) {
        var found = new LinkedHashMap<String, Dependency>();
        service.named("depends_on").forEach((name, dependency) -> {
            var condition = dependency.word("condition").orElse("service_started");
            found.put(
                    name,
                    new Dependency(
                            condition(condition), dependency.flag("restart"), dependency.flag("required", true)));
        });
        return found;
    }

    private static Dependency.Condition condition(String text) {
        for (var condition : Dependency.Condition.values()) {
            if (condition.text().equals(text)) {
                return condition;
            }
        }
        return Dependency.Condition.STARTED;
    }

    private static Optional<Healthcheck> healthcheck(Fields service) {
        if (service.mapping().mapping("healthcheck").isEmpty()) {
            return Optional.empty();
        }
        var check = service.fields("healthcheck");
        var test = check.words("test");
        boolean none = test.equals(List.of("NONE"));
        return Optional.of(new Healthcheck(
                test,
                check.duration("interval"),
                check.duration("timeout"),
                check.integer("retries"),
                check.duration("start_period"),
                check.duration("start_interval"),
                check.flag("disable") || none));
    }

    private static RestartPolicy restart(Fields service) {
        var policy = service.fields("deploy").fields("restart_policy");
        if (!policy.mapping().entries().isEmpty()) {
            var condition = policy.word("condition").orElse("any");
            return switch (condition) {
                case "none" -> new RestartPolicy.Never();
                case "on-failure" ->
                    new RestartPolicy.OnFailure(policy.integer("max_attempts").orElse(0));
                case "any" -> new RestartPolicy.Always();
                default -> new RestartPolicy.Other(condition);
            };
        }
        var restart = service.word("restart").orElse("no");
        return switch (restart) {
            case "no" -> new RestartPolicy.Never();
            case "always" -> new RestartPolicy.Always();
            case "unless-stopped" -> new RestartPolicy.UnlessStopped();
            case "on-failure" -> new RestartPolicy.OnFailure(0);
            default ->
                restart.startsWith("on-failure:") && isCount(restart.substring(11))
                        ? new RestartPolicy.OnFailure(Integer.parseInt(restart.substring(11)))
                        : new RestartPolicy.Other(restart);
        };
    }

    private static boolean isCount(String text) {
        return !text.isEmpty() && text.length() < 10 && text.chars().allMatch(Character::isDigit);
    }

    static PullPolicy pullPolicy(Fields service) {
        var text = service.word("pull_policy").orElse("");
        return switch (text) {
            case "" -> new PullPolicy.Unspecified();
            case "always" -> new PullPolicy.Always();
            case "never" -> new PullPolicy.Never();
            case "build" -> new PullPolicy.Build();
            case "daily" -> new PullPolicy.Every(Duration.ofDays(1));
            case "weekly" -> new PullPolicy.Every(Duration.ofDays(7));
            case "refresh" -> every(service.word("pull_refresh_after").orElse("1d"));
            default -> text.startsWith("every_") ? every(text.substring(6)) : new PullPolicy.Missing();
        };
    }

    private static PullPolicy every(String duration) {
        try {
            return new PullPolicy.Every(DurationSyntax.parse(duration));
        } catch (SyntaxException e) {
            return new PullPolicy.Missing();
        }
    }
}
