package dev.jcompose.planner.reconcile;

import dev.jcompose.model.PullPolicy;
import dev.jcompose.model.Service;
import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.planner.Action;
import dev.jcompose.planner.Action.PullImage;
import dev.jcompose.planner.UpOptions.Building;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plans to build or fetch the images that containers are created from. */
final class ImageReconciler {
    private final UpRequest request;
    private final PlanBuilder plan;
    private final Builds builds;
    private final Map<String, Integer> steps = new HashMap<>();

    ImageReconciler(UpRequest request, PlanBuilder plan) {
        this.request = request;
        this.plan = plan;
        this.builds = new Builds(request.declared(), plan);
    }

    /** Why a service's image is to be built or fetched although it may be present. */
    static Optional<String> renewal(UpRequest request, Service service) {
        Building building = request.options().building();
        if (building == Building.READY
                || (building == Building.NEVER && service.build().isPresent())) {
            return Optional.empty();
        }
        if (service.build().isPresent() && building == Building.ALWAYS) {
            return Optional.of("asked for");
        }
        if (service.pullPolicy() instanceof PullPolicy.Build) {
            return Optional.of("pull_policy is build");
        }
        return service.build().isEmpty() ? fetching(request, service) : Optional.empty();
    }

    private static Optional<String> fetching(UpRequest request, Service service) {
        if (service.pullPolicy() instanceof PullPolicy.Always) {
            return Optional.of("pull_policy is always");
        }
        if (service.pullPolicy() instanceof PullPolicy.Every every) {
            Duration age = request.observed().imageAges().get(request.image(service));
            return age == null || age.compareTo(every.age()) > 0
                    ? Optional.of("last fetched longer ago than its pull_policy allows")
                    : Optional.empty();
        }
        return Optional.empty();
    }

    /** Plans what the services' containers need; returns the step that makes each image, by reference. */
    Map<String, Integer> reconcile(Collection<Convergence> convergences) {
        List<Service> creating = convergences.stream()
                .filter(Convergence::createsContainers)
                .map(Convergence::service)
                .toList();
        // who can build an image comes before who only uses it
        creating.stream().filter(service -> service.build().isPresent()).forEach(this::reconcile);
        creating.stream().filter(service -> service.build().isEmpty()).forEach(this::reconcile);
        return steps;
    }

    private void reconcile(Service service) {
        String image = request.image(service);
        if (steps.containsKey(image)) {
            return;
        }
        Optional<String> renewal = renewal(request, service);
        if (renewal.isPresent() || !request.observed().images().containsKey(image)) {
            String reason = renewal.orElse("not found");
            steps.put(
                    image,
                    service.build().isPresent()
                            ? build(service, image, reason)
                            : plan.add(pull(service, image), List.of(), reason));
        }
    }

    private int build(Service service, String image, String reason) {
        return switch (request.options().building()) {
            case IF_MISSING, ALWAYS -> builds.add(service, reason);
            case NEVER ->
                throw new ComposeException("image \"%s\" of service \"%s\" is not built: leave out --no-build"
                        .formatted(image, service.name()));
            case READY -> throw missing(service, image);
        };
    }

    private Action pull(Service service, String image) {
        if (service.pullPolicy() instanceof PullPolicy.Never) {
            throw new ComposeException(
                    "image \"%s\" of service \"%s\" is not here, and its pull_policy is never: load or build it first"
                            .formatted(image, service.name()));
        }
        if (request.options().building() == Building.READY) {
            throw missing(service, image);
        }
        return new PullImage(service.name(), image);
    }

    private static ComposeException missing(Service service, String image) {
        return new ComposeException("image \"%s\" of service \"%s\" is not here".formatted(image, service.name()));
    }
}
