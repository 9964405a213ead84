package dev.jcompose.runtime.linux;

import dev.jcompose.model.Healthcheck;
import dev.jcompose.model.Lifecycle;
import dev.jcompose.model.RestartPolicy;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** When the container is restarted, how it is stopped, how one knows that it works, and what is kept of its output. */
final class LifecyclePart {
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration START_INTERVAL = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final int RETRIES = 3;
    private static final int TERM = 15;
    /** Bytes kept of a log that nobody wants. */
    private static final int NEGLIGIBLE = 4096;

    private final ContainerDraft draft;

    LifecyclePart(ContainerDraft draft) {
        this.draft = draft;
    }

    void addTo(ContainerPlan.Builder plan) {
        var lifecycle = draft.service().lifecycle();
        restart(plan, draft.spec().isOneOff() ? new RestartPolicy.Never() : lifecycle.restart());
        timing(plan, lifecycle.restarts());
        Hooks.addTo(plan, lifecycle.hooks());
        int signal = lifecycle
                .stopSignal()
                .or(() -> draft.image().config().stopSignal())
                .map(name -> Signals.number(name)
                        .orElseThrow(() -> draft.failure("stop signal \"" + name + "\" is no signal")))
                .orElse(TERM);
        var grace = lifecycle.stopGracePeriod().orElse(GRACE);
        plan.add("stop", Integer.toString(signal), Long.toString(grace.toMillis()));
        health(plan);
        log(plan);
    }

    private void restart(ContainerPlan.Builder plan, RestartPolicy policy) {
        switch (policy) {
            case RestartPolicy.Never never -> plan.add("restart", "no", "0");
            case RestartPolicy.Always always -> plan.add("restart", "always", "0");
            case RestartPolicy.UnlessStopped unless -> plan.add("restart", "unless-stopped", "0");
            case RestartPolicy.OnFailure failure ->
                plan.add("restart", "on-failure", Integer.toString(failure.maximumRetries()));
            case RestartPolicy.Other other ->
                throw draft.failure("restart policy \"" + other.word() + "\" is not known");
        }
    }

    private void timing(ContainerPlan.Builder plan, Lifecycle.Restarts restarts) {
        if (restarts.delay().isPresent() || restarts.window().isPresent()) {
            plan.add(
                    "restart-timing",
                    restarts.delay()
                            .map(Duration::toMillis)
                            .map(String::valueOf)
                            .orElse("0"),
                    restarts.window()
                            .map(Duration::toMillis)
                            .map(String::valueOf)
                            .orElse("0"));
        }
        if (restarts.whenUnhealthy() && !draft.spec().isOneOff()) {
            plan.add("restart-unhealthy", 1);
        }
    }

    private void health(ContainerPlan.Builder plan) {
        var own = draft.service().lifecycle().healthcheck();
        var image = draft.image().config().healthcheck();
        var test = own.map(Healthcheck::test)
                .filter(words -> !words.isEmpty())
                .or(() -> image.map(Healthcheck::test))
                .orElse(List.of());
        var arguments = arguments(test);
        if (arguments.isEmpty() || own.map(Healthcheck::disabled).orElse(false)) {
            return;
        }
        plan.add(
                "health",
                millis(first(own.flatMap(Healthcheck::interval), image.flatMap(Healthcheck::interval)), INTERVAL),
                millis(first(own.flatMap(Healthcheck::timeout), image.flatMap(Healthcheck::timeout)), TIMEOUT),
                Integer.toString(retries(own, image)),
                millis(
                        first(own.flatMap(Healthcheck::startPeriod), image.flatMap(Healthcheck::startPeriod)),
                        Duration.ZERO),
                millis(
                        first(own.flatMap(Healthcheck::startInterval), image.flatMap(Healthcheck::startInterval)),
                        START_INTERVAL));
        plan.addAll("health-arg", arguments);
    }

    private List<String> arguments(List<String> test) {
        if (test.isEmpty() || test.getFirst().equals("NONE")) {
            return List.of();
        }
        if (!test.getFirst().equals("CMD-SHELL")) {
            return test.subList(1, test.size());
        }
        var shell = draft.image().config().shell();
        List<String> arguments = new ArrayList<>(shell.isEmpty() ? List.of("/bin/sh", "-c") : shell);
        arguments.addAll(test.subList(1, test.size()));
        return arguments;
    }

    private static int retries(Optional<Healthcheck> own, Optional<Healthcheck> image) {
        int retries = own.map(check -> check.retries().orElse(0)).orElse(0);
        if (retries == 0) {
            retries = image.map(check -> check.retries().orElse(0)).orElse(0);
        }
        return retries == 0 ? RETRIES : retries;
    }

    private static Optional<Duration> first(Optional<Duration> own, Optional<Duration> image) {
        return own.or(() -> image);
    }

    private static String millis(Optional<Duration> duration, Duration otherwise) {
        return Long.toString(
                duration.filter(value -> !value.isZero()).orElse(otherwise).toMillis());
    }

    private void log(ContainerPlan.Builder plan) {
        var logging = draft.service().logging();
        if (logging.driver().orElse("").equals("none")) {
            plan.add("log-max", NEGLIGIBLE).add("log-files", 1);
            return;
        }
        LogLimits.of(logging).addTo(plan);
    }
}
