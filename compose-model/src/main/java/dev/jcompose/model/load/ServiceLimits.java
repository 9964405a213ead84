package dev.jcompose.model.load;

import dev.jcompose.model.problem.Problems;
import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.Sequence;
import java.util.List;
import java.util.Optional;

/** Contradictions within one service: the same limit set twice, a mount without a place, a bad health test. */
final class ServiceLimits {
    private final String name;
    private final Mapping service;
    private final Problems problems;

    ServiceLimits(String name, Mapping service, Problems problems) {
        this.name = name;
        this.service = service;
        this.problems = problems;
    }

    void check() {
        var deploy = service.mapping("deploy").orElseGet(() -> Mapping.empty(service.at()));
        var resources = deploy.mapping("resources").orElseGet(() -> Mapping.empty(service.at()));
        var limits = resources.mapping("limits");
        var reservations = resources.mapping("reservations");
        if (deploy.has("replicas")) {
            same("scale", Optional.of(deploy), "replicas", "deploy.replicas");
        }
        same("cpus", limits, "cpus", "deploy.resources.limits.cpus");
        same("mem_limit", limits, "memory", "deploy.resources.limits.memory");
        same("mem_reservation", reservations, "memory", "deploy.resources.reservations.memory");
        same("pids_limit", limits, "pids", "deploy.resources.limits.pids");
        checkHealthTest();
        checkMounts();
        reservations.ifPresent(reserved -> checkDevices(reserved, "devices", "deploy.resources.reservations.devices"));
        checkDevices(service, "gpus", "gpus");
        checkWatch();
    }

    private void error(dev.jcompose.model.yaml.YamlNode at, String key, String message) {
        problems.error(at.at(), "services." + name + "." + key, message);
    }

    /** Where there is a newer place for a value at all, the older one must say the same. */
    private void same(String key, Optional<Mapping> newer, String newerKey, String newerPath) {
        var older = service.text(key);
        if (older.isPresent() && newer.isPresent() && !older.equals(newer.get().text(newerKey))) {
            error(
                    service.get(key).orElse(service),
                    key,
                    "can't set distinct values on '" + key + "' and '" + newerPath + "'");
        }
    }

    private void checkHealthTest() {
        var test = service.mapping("healthcheck").flatMap(check -> check.sequence("test"));
        if (test.isEmpty() || test.get().items().isEmpty()) {
            return;
        }
        var first = test.get().items().getFirst() instanceof Scalar scalar ? scalar.text() : "";
        if (!List.of("CMD", "CMD-SHELL", "NONE").contains(first)) {
            error(
                    test.get(),
                    "healthcheck.test",
                    "a list must start with CMD, CMD-SHELL or NONE, not \"" + first + "\"");
        }
    }

    private void checkMounts() {
        for (var item : service.sequence("volumes").map(Sequence::items).orElse(List.of())) {
            if (item instanceof Mapping volume) {
                var target = volume.text("target").orElse("");
                var type = volume.text("type").orElse("");
                if (target.isEmpty()) {
                    error(volume, "volumes", "is missing a mount target");
                } else if (type.equals("bind")
                        && volume.text("source").orElse("").isEmpty()) {
                    error(volume, "volumes", "invalid mount config for type \"bind\": the source must not be empty");
                }
            }
        }
    }

    private void checkDevices(Mapping owner, String key, String path) {
        for (var item : owner.sequence(key).map(Sequence::items).orElse(List.of())) {
            if (item instanceof Mapping device && device.has("count") && device.has("device_ids")) {
                error(device, path, "\"count\" and \"device_ids\" attributes are exclusive");
            }
        }
    }

    private void checkWatch() {
        var rules = service.mapping("develop").flatMap(develop -> develop.sequence("watch"));
        for (var item : rules.map(Sequence::items).orElse(List.of())) {
            if (item instanceof Mapping rule) {
                var action = rule.text("action").orElse("");
                boolean needsTarget = !action.equals("rebuild") && !action.equals("restart");
                if (needsTarget && rule.text("target").orElse("").isEmpty()) {
                    error(rule, "develop.watch", "target is required for non-rebuild actions");
                }
            }
        }
    }
}
