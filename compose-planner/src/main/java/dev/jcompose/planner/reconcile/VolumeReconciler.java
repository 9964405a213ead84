package dev.jcompose.planner.reconcile;

import dev.jcompose.model.VolumeConfig;
import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.planner.Action.CreateVolume;
import dev.jcompose.planner.state.ObservedProject.ObservedVolume;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** Plans the named volumes that services mount. An existing volume is never touched: it holds data. */
final class VolumeReconciler {
    private final UpRequest request;
    private final PlanBuilder plan;
    private final SequencedMap<String, VolumeConfig> needed = new LinkedHashMap<>();

    VolumeReconciler(UpRequest request, PlanBuilder plan) {
        this.request = request;
        this.plan = plan;
        request.selected()
                .forEach(service ->
                        request.volumesOf(service).forEach(volume -> needed.putIfAbsent(volume.name(), volume)));
    }

    /** Refuses a plan whose external volumes are missing. */
    void checkExternal() {
        for (VolumeConfig volume : needed.values()) {
            if (volume.external() && observed(volume).isEmpty()) {
                throw new ComposeException(
                        "volume \"%s\" is declared as external, but does not exist: create it first or remove external: true"
                                .formatted(volume.name()));
            }
        }
    }

    /** Plans the volumes; returns the step that makes each, by name. */
    Map<String, Integer> reconcile() {
        Map<String, Integer> steps = new HashMap<>();
        for (VolumeConfig volume : needed.values()) {
            Optional<ObservedVolume> existing = observed(volume);
            if (existing.isEmpty()) {
                var creation = new CreateVolume(volume.key(), volume.name());
                steps.put(volume.name(), plan.add(creation, List.of(), "not found"));
            } else if (!volume.external()) {
                warnOfDifference(volume, existing.get());
            }
        }
        return steps;
    }

    private void warnOfDifference(VolumeConfig volume, ObservedVolume existing) {
        if (!existing.project().equals(request.declared().name())) {
            plan.warn("volume \"%s\" exists, but was not made for project \"%s\"; it is used as it is"
                    .formatted(volume.name(), request.declared().name()));
        } else if (!existing.configHash().isEmpty() && !existing.configHash().equals(volume.configHash())) {
            plan.warn("volume \"%s\" was made with another configuration; it is used as it is, since making it anew "
                            .formatted(volume.name())
                    + "would lose its data");
        }
    }

    private Optional<ObservedVolume> observed(VolumeConfig volume) {
        return request.observed().volumes().stream()
                .filter(existing -> existing.name().equals(volume.name()))
                .findFirst();
    }
}
