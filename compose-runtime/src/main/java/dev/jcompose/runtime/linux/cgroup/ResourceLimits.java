package dev.jcompose.runtime.linux.cgroup;

import dev.jcompose.model.Resources;
import dev.jcompose.model.Resources.Tuning;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.linux.shim.DeviceNumbers;
import dev.jcompose.runtime.linux.shim.DurableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Limits of a service in the words of the machine's control groups, which differ between versions 1 and 2. */
final class ResourceLimits {
    private static final long PERIOD = 100_000;
    private static final long UNLIMITED = -1;

    private final CgroupLayout layout;
    private final List<CgroupSetting> settings = new ArrayList<>();

    private ResourceLimits(CgroupLayout layout) {
        this.layout = layout;
    }

    static List<CgroupSetting> settings(Resources resources, CgroupLayout layout) {
        var limits = new ResourceLimits(layout);
        limits.memory(resources);
        limits.cpu(resources);
        limits.realtime(resources.tuning());
        limits.blockIo(resources.tuning());
        resources.cpuset().ifPresent(cpus -> limits.add("cpuset", "cpuset.cpus", cpus, true));
        resources.pids().ifPresent(most -> limits.add("pids", "pids.max", maximum(most), true));
        return limits.settings;
    }

    private void memory(Resources resources) {
        if (layout.isUnified("memory")) {
            unifiedMemory(resources);
        } else {
            legacyMemory(resources);
        }
    }

    private void unifiedMemory(Resources resources) {
        resources.memory().ifPresent(most -> {
            add("memory", "memory.max", maximum(most), true);
            long swap = swap(resources, most);
            add(
                    "memory",
                    "memory.swap.max",
                    maximum(swap),
                    resources.memorySwap().isPresent());
        });
        resources.memoryReservation().ifPresent(least -> add("memory", "memory.low", Long.toString(least), true));
    }

    /** As much swap as memory when nothing is said, as in Docker. */
    private static long swap(Resources resources, long memory) {
        long total = resources.memorySwap().orElse(0);
        if (total == UNLIMITED) {
            return UNLIMITED;
        }
        return total == 0 ? memory : Math.max(0, total - memory);
    }

    private void legacyMemory(Resources resources) {
        resources.memory().ifPresent(most -> {
            add("memory", "memory.limit_in_bytes", Long.toString(most), true);
            long swap = swap(resources, most);
            var total = swap == UNLIMITED ? "-1" : Long.toString(most + swap);
            add(
                    "memory",
                    "memory.memsw.limit_in_bytes",
                    total,
                    resources.memorySwap().isPresent());
        });
        resources
                .memoryReservation()
                .ifPresent(least -> add("memory", "memory.soft_limit_in_bytes", Long.toString(least), true));
        resources
                .tuning()
                .swappiness()
                .ifPresent(value -> add("memory", "memory.swappiness", Long.toString(value), true));
        if (resources.oomKillDisable()) {
            add("memory", "memory.oom_control", "1", true);
        }
    }

    private void cpu(Resources resources) {
        boolean unified = layout.isUnified("cpu");
        long period = resources.cpuPeriod().orElse(PERIOD);
        var quota = resources.cpus().isPresent()
                ? OptionalLong.of(Math.round(resources.cpus().getAsDouble() * period))
                : resources.cpuQuota();
        if (unified && (quota.isPresent() || resources.cpuPeriod().isPresent())) {
            add("cpu", "cpu.max", maximum(quota.orElse(UNLIMITED)) + " " + period, true);
        } else if (!unified) {
            if (quota.isPresent() || resources.cpuPeriod().isPresent()) {
                add("cpu", "cpu.cfs_period_us", Long.toString(period), true);
            }
            quota.ifPresent(most -> add("cpu", "cpu.cfs_quota_us", Long.toString(most), true));
        }
        resources.cpuShares().ifPresent(shares -> {
            if (unified) {
                add("cpu", "cpu.weight", Long.toString(weight(shares)), true);
            } else {
                add("cpu", "cpu.shares", Integer.toString(shares), true);
            }
        });
    }

    /** Version 1 only; the period first, since the time used of it may not be longer. */
    private void realtime(Tuning tuning) {
        tuning.realtimePeriod().ifPresent(period -> add("cpu", "cpu.rt_period_us", Long.toString(period), true));
        tuning.realtimeRuntime().ifPresent(time -> add("cpu", "cpu.rt_runtime_us", Long.toString(time), true));
    }

    private void blockIo(Tuning tuning) {
        boolean unified = !layout.legacy().containsKey("blkio");
        var controller = unified ? "io" : "blkio";
        var weights = unified ? "io.bfq.weight" : "blkio.weight|blkio.bfq.weight";
        var deviceWeights = unified ? "io.bfq.weight" : "blkio.weight_device|blkio.bfq.weight_device";
        tuning.ioWeight().ifPresent(weight -> {
            if (unified) { // the scheduler's own file, else the one that counts to 10000
                add(controller, weights + "|io.weight", weight + "|" + (1 + (weight - 10) * 9999L / 990), true);
            } else {
                add(controller, weights, Integer.toString(weight), true);
            }
        });
        tuning.ioWeights()
                .forEach((device, weight) -> add(controller, deviceWeights, numbers(device) + " " + weight, true));
        for (var throttle : tuning.throttles()) {
            var way = throttle.write() ? "w" : "r";
            if (unified) {
                var key = way + (throttle.bps() ? "bps" : "iops");
                add(controller, "io.max", numbers(throttle.device()) + " " + key + "=" + throttle.rate(), true);
            } else {
                var file =
                        "blkio.throttle." + (throttle.write() ? "write" : "read") + (throttle.bps() ? "_bps" : "_iops");
                add(controller, file + "_device", numbers(throttle.device()) + " " + throttle.rate(), true);
            }
        }
    }

    private static String numbers(String device) {
        try {
            return DeviceNumbers.of(Path.of(device)).pair();
        } catch (IOException e) {
            throw new BackendException("blkio_config: device " + device + ": " + DurableFile.reason(e), e);
        }
    }

    /** Shares are 2 to 262144, weights 1 to 10000; the usual linear map. */
    private static long weight(int shares) {
        return 1 + (Math.clamp(shares, 2L, 262_144L) - 2) * 9999 / 262_142;
    }

    private static String maximum(long value) {
        return value < 0 ? "max" : Long.toString(value);
    }

    private void add(String controller, String file, String value, boolean required) {
        settings.add(new CgroupSetting(controller, file, value, required));
    }
}
