package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.linux.cgroup.CgroupLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/** Limits that contradict each other, or that this machine's control groups do not offer. */
final class ResourceCheck {
    private static final int MOST_SWAPPINESS = 100;

    private final Findings findings;
    private final CgroupLayout cgroups;

    ResourceCheck(Findings findings, CgroupLayout cgroups) {
        this.findings = findings;
        this.cgroups = cgroups;
    }

    void check() {
        swap();
        realtime();
        blockIo();
    }

    private void swap() {
        var resources = findings.service().resources();
        long swap = resources.memorySwap().orElse(0);
        if (swap != 0 && resources.memory().isEmpty()) {
            findings.add("memswap_limit", "needs a memory limit (mem_limit) too");
        } else if (swap > 0 && swap < resources.memory().orElse(0)) {
            findings.add("memswap_limit", "is memory and swap together; it cannot be less than the memory limit");
        }
        resources.tuning().swappiness().ifPresent(value -> {
            if (value < 0 || value > MOST_SWAPPINESS) {
                findings.add("mem_swappiness", value + " is not between 0 and 100");
            } else if (!cgroups.legacy().containsKey("memory")) {
                findings.add("mem_swappiness", "this machine's control groups (version 2) do not offer it; remove it");
            }
        });
    }

    private void realtime() {
        var tuning = findings.service().resources().tuning();
        var cpu = cgroups.legacy().get("cpu");
        boolean offered = cpu != null && Files.exists(cpu.resolve("cpu.rt_runtime_us"));
        if (tuning.realtimePeriod().isPresent() && !offered) {
            findings.add("cpu_rt_period", "this machine's control groups do not offer it; remove it");
        }
        if (tuning.realtimeRuntime().isPresent() && !offered) {
            findings.add("cpu_rt_runtime", "this machine's control groups do not offer it; remove it");
        }
    }

    private void blockIo() {
        var tuning = findings.service().resources().tuning();
        tuning.ioWeight().ifPresent(weight -> weight("weight", weight));
        tuning.ioWeights().forEach((device, weight) -> {
            weight("weight_device", weight);
            device(device);
        });
        tuning.throttles().forEach(throttle -> device(throttle.device()));
    }

    private void weight(String key, int weight) {
        if (weight < 10 || weight > 1000) {
            findings.add("blkio_config." + key, weight + " is not between 10 and 1000");
        }
    }

    private void device(String device) {
        if (!device.startsWith("/") || !Files.exists(Path.of(device))) {
            findings.add("blkio_config", "device \"" + device + "\" does not exist");
        }
    }
}
