package dev.jcompose.planner.reconcile;

import dev.jcompose.model.Dependency.Condition;
import dev.jcompose.model.Healthcheck;
import dev.jcompose.model.PullPolicy;
import dev.jcompose.model.Service;
import dev.jcompose.model.problem.ComposeException;

/** Refuses what could only fail half way. */
final class UpChecks {
    private final UpRequest request;

    UpChecks(UpRequest request) {
        this.request = request;
    }

    void check() {
        for (Service service : request.selected()) {
            checkImage(service);
            checkContainerName(service);
            checkDependencies(service);
        }
    }

    private static void checkImage(Service service) {
        if (service.image().isEmpty() && service.build().isEmpty()) {
            throw new ComposeException(
                    "service \"%s\" has neither an image nor a build section".formatted(service.name()));
        }
        if (service.build().isEmpty() && service.pullPolicy() instanceof PullPolicy.Build) {
            throw new ComposeException(
                    "service \"%s\" has pull_policy \"build\", but no build section".formatted(service.name()));
        }
    }

    private void checkContainerName(Service service) {
        int wanted = request.wanted(service);
        if (service.containerName().isPresent() && wanted > 1) {
            throw new ComposeException(("service \"%s\" is to have %d containers, but its container_name \"%s\" can be "
                            + "used once: remove container_name or scale to 1")
                    .formatted(service.name(), wanted, service.containerName().get()));
        }
    }

    private void checkDependencies(Service service) {
        request.graph().dependenciesOf(service.name()).forEach((name, dependency) -> {
            Service needed = request.declared().services().get(name);
            if (needed != null && dependency.condition() == Condition.HEALTHY && isDisabled(needed)) {
                throw new ComposeException(
                        "service \"%s\" waits for \"%s\" to be healthy, but the healthcheck of \"%s\" is disabled"
                                .formatted(service.name(), name, name));
            }
        });
    }

    private static boolean isDisabled(Service service) {
        return service.lifecycle().healthcheck().map(UpChecks::isDisabled).orElse(false);
    }

    private static boolean isDisabled(Healthcheck healthcheck) {
        return healthcheck.disabled()
                || (!healthcheck.test().isEmpty()
                        && healthcheck.test().getFirst().equals("NONE"));
    }
}
