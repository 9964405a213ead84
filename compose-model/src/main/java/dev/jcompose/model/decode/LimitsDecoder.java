package dev.jcompose.model.decode;

import dev.jcompose.model.Resources;
import dev.jcompose.model.Resources.Throttle;
import dev.jcompose.model.Resources.Tuning;
import dev.jcompose.model.Resources.Ulimit;
import dev.jcompose.model.Security;
import dev.jcompose.model.Security.Accelerator;
import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SequencedMap;

/** What a service may use of its host; the keys below {@code deploy.resources} beat the older ones. */
final class LimitsDecoder {
    private LimitsDecoder() {}

    static Resources resources(Fields service) {
        var deploy = service.fields("deploy").fields("resources");
        var limits = deploy.fields("limits");
        var reservations = deploy.fields("reservations");
        return new Resources(
                first(limits.whole("memory"), service.whole("mem_limit")),
                first(reservations.whole("memory"), service.whole("mem_reservation")),
                service.whole("memswap_limit"),
                positive(limits.decimal("cpus").isPresent() ? limits.decimal("cpus") : service.decimal("cpus")),
                service.integer("cpu_shares"),
                service.whole("cpu_quota"),
                service.whole("cpu_period"),
                service.word("cpuset"),
                first(limits.whole("pids"), service.whole("pids_limit")),
                service.integer("oom_score_adj"),
                service.flag("oom_kill_disable"),
                ulimits(service),
                tuning(service));
    }

    private static Tuning tuning(Fields service) {
        var io = service.fields("blkio_config");
        var weights = new LinkedHashMap<String, Integer>();
        for (var device : io.list("weight_device")) {
            weights.put(device.text("path").orElse(""), device.integer("weight").orElse(0));
        }
        var throttles = new ArrayList<Throttle>();
        for (boolean write : new boolean[] {false, true}) {
            for (boolean bps : new boolean[] {true, false}) {
                for (var device : io.list("device_" + (write ? "write" : "read") + (bps ? "_bps" : "_iops"))) {
                    throttles.add(new Throttle(
                            device.text("path").orElse(""),
                            write,
                            bps,
                            device.whole("rate").orElse(0)));
                }
            }
        }
        return new Tuning(
                service.whole("mem_swappiness"),
                service.whole("cpu_rt_period"),
                service.whole("cpu_rt_runtime"),
                io.integer("weight"),
                weights,
                throttles);
    }

    /** The first one that is set and not zero, which stands for no limit. */
    private static OptionalLong first(OptionalLong newer, OptionalLong older) {
        var value = newer.isPresent() ? newer : older;
        return value.isPresent() && value.getAsLong() == 0 ? OptionalLong.empty() : value;
    }

    private static OptionalDouble positive(OptionalDouble value) {
        return value.isPresent() && value.getAsDouble() > 0 ? value : OptionalDouble.empty();
    }

    static SequencedMap<String, Ulimit> ulimits(Fields service) {
        var found = new LinkedHashMap<String, Ulimit>();
        service.fields("ulimits").mapping().entries().forEach((name, entry) -> {
            if (entry.value() instanceof Scalar both && !both.isNull()) {
                found.put(name, new Ulimit(Long.parseLong(both.text()), Long.parseLong(both.text())));
            } else if (entry.value() instanceof Mapping mapping) {
                var limit = new Fields(mapping);
                found.put(
                        name,
                        new Ulimit(
                                limit.whole("soft").orElse(-1),
                                limit.whole("hard").orElse(-1)));
            }
        });
        return found;
    }

    static Security security(Fields service) {
        return new Security(
                service.flag("privileged"),
                service.words("cap_add"),
                service.words("cap_drop"),
                service.words("security_opt"),
                service.pairs("sysctls"),
                devices(service),
                service.word("ipc"),
                service.word("pid"),
                service.word("uts"),
                service.word("userns_mode"),
                service.word("cgroup"),
                service.word("cgroup_parent"),
                service.words("device_cgroup_rules"),
                accelerators(service),
                service.word("runtime"));
    }

    private static List<Accelerator> accelerators(Fields service) {
        var found = new ArrayList<Accelerator>();
        for (var gpu : service.list("gpus")) {
            found.add(accelerator(gpu, List.of("gpu")));
        }
        var reserved = service.fields("deploy").fields("resources").fields("reservations");
        for (var device : reserved.list("devices")) {
            found.add(accelerator(device, List.of()));
        }
        return found;
    }

    private static Accelerator accelerator(Fields device, List<String> implied) {
        var capabilities = device.words("capabilities");
        return new Accelerator(
                device.word("driver"),
                device.integer("count").orElse(device.words("device_ids").isEmpty() ? -1 : 0),
                device.words("device_ids"),
                capabilities.isEmpty() ? implied : capabilities);
    }

    private static List<String> devices(Fields service) {
        var found = new ArrayList<String>();
        for (var device : service.list("devices")) {
            var source = device.text("source").orElse("");
            found.add(String.join(
                    ":",
                    source,
                    device.word("target").orElse(source),
                    device.word("permissions").orElse("rwm")));
        }
        return found;
    }
}
