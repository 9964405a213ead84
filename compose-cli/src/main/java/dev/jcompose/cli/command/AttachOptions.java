package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import dev.jcompose.cli.option.Options.Flag;
import dev.jcompose.cli.option.Options.Value;
import dev.jcompose.cli.option.Options.Values;
import dev.jcompose.cli.option.UsageException;
import dev.jcompose.cli.output.LogPrinter;
import dev.jcompose.cli.output.Report;
import dev.jcompose.model.Project;
import dev.jcompose.model.Service;
import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.model.spec.Nearest;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What an {@code up} that stays in the foreground shows, and when it ends. */
final class AttachOptions {
    private final Flag abortOnExit;
    private final Flag abortOnFailure;
    private final Value exitCodeFrom;
    private final Values attach;
    private final Values noAttach;
    private final Flag attachDependencies;
    private final Flag noColor;
    private final Flag noLogPrefix;
    private final Flag timestamps;

    AttachOptions(Options options) {
        abortOnExit = options.flag("Stop all containers when one has ended", "--abort-on-container-exit");
        abortOnFailure = options.flag("Stop all containers when one has failed", "--abort-on-container-failure");
        exitCodeFrom = options.value(
                "SERVICE", "End with this service's exit code; implies --abort-on-container-exit", "--exit-code-from");
        attach = options.values("SERVICE", "Show the output of these services only", "--attach");
        noAttach = options.values("SERVICE", "Do not show the output of these services", "--no-attach");
        attachDependencies =
                options.flag("Show the output of services the named ones depend on", "--attach-dependencies");
        noColor = options.flag("No colours", "--no-color");
        noLogPrefix = options.flag("No container names before the lines", "--no-log-prefix");
        timestamps = options.flag("Show when each line was written", "--timestamps");
    }

    /** Refuses flags that exclude each other, and those that make no sense in the background. */
    void check(Optional<String> background) {
        ConvergeOptions.refuse(
                abortOnExit, "--abort-on-container-exit", abortOnFailure, "--abort-on-container-failure");
        if (!attach.all().isEmpty() && attachDependencies.isSet()) {
            throw new UsageException("--attach and --attach-dependencies are incompatible");
        }
        background.ifPresent(flag -> given().forEach((name, isGiven) -> {
            if (isGiven) {
                throw new UsageException(flag + " and " + name + " are incompatible");
            }
        }));
    }

    private Map<String, Boolean> given() {
        var given = new LinkedHashMap<String, Boolean>();
        given.put("--abort-on-container-exit", abortOnExit.isSet());
        given.put("--abort-on-container-failure", abortOnFailure.isSet());
        given.put("--exit-code-from", exitCodeFrom.get().isPresent());
        given.put("--attach", !attach.all().isEmpty());
        given.put("--attach-dependencies", attachDependencies.isSet());
        return given;
    }

    /** When one container's end is the end of all. */
    Abort abort() {
        if (abortOnExit.isSet() || exitCodeFrom.get().isPresent()) {
            return Abort.ON_EXIT;
        }
        return abortOnFailure.isSet() ? Abort.ON_FAILURE : Abort.NEVER;
    }

    Optional<String> exitCodeFrom() {
        return exitCodeFrom.get();
    }

    /** The services whose output is shown, out of those that are started. */
    Set<String> services(Project project, Collection<String> named, Set<String> started) {
        var known = new TreeSet<>(project.services().keySet());
        known.addAll(project.disabledServices().keySet());
        exitCodeFrom.get().ifPresent(name -> check(name, known));
        attach.all().forEach(name -> check(name, known));
        noAttach.all().forEach(name -> check(name, known));
        var shown = new TreeSet<>(named.isEmpty() || attachDependencies.isSet() ? started : Set.copyOf(named));
        if (attach.all().isEmpty()) {
            project.services().values().stream()
                    .filter(service -> !service.attach())
                    .map(Service::name)
                    .forEach(shown::remove);
        } else {
            shown.retainAll(attach.all());
        }
        shown.removeAll(noAttach.all());
        return shown;
    }

    LogPrinter printer(Report report) {
        return report.logs(noColor.isSet(), !noLogPrefix.isSet(), timestamps.isSet());
    }

    private static void check(String name, Collection<String> known) {
        if (!known.contains(name)) {
            var hint = Nearest.hint(name, known);
            throw new ComposeException("no such service: " + name + hint);
        }
    }

    /** Which ends of a container end all. */
    enum Abort {
        NEVER,
        ON_FAILURE,
        ON_EXIT
    }
}
