package dev.jcompose.runtime.linux.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jcompose.model.Resources;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ContainerCgroupTest {
    private static final CgroupLayout UNIFIED = new CgroupLayout(
            Map.of(), Optional.of(Path.of("/sys/fs/cgroup")), Set.of("cpu", "memory", "pids", "cpuset"));
    private static final CgroupLayout NONE = new CgroupLayout(Map.of(), Optional.empty(), Set.of());
    private static final List<String> HYBRID_MOUNTS = List.of(
            "22 27 0:21 / /proc rw,relatime - proc proc rw",
            "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct",
            "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory",
            "36 31 0:33 / /sys/fs/cgroup/devices rw,relatime shared:9 - cgroup cgroup rw,devices",
            "36 31 0:33 / /sys/fs/cgroup/pids rw,relatime shared:9 - cgroup cgroup rw,pids",
            "36 31 0:33 / /sys/fs/cgroup/cpuset rw,relatime shared:9 - cgroup cgroup rw,cpuset",
            "40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd",
            "41 31 0:38 / /nowhere/unified rw,relatime - cgroup2 cgroup2 rw");

    @Test
    void mounts_say_which_versions_there_are() {
        var layout = CgroupLayout.parse(HYBRID_MOUNTS);
        assertThat(layout.legacy()).containsOnlyKeys("cpu", "cpuacct", "memory", "devices", "pids", "cpuset");
        assertThat(layout.legacy()).containsEntry("cpuacct", Path.of("/sys/fs/cgroup/cpu,cpuacct"));
        assertThat(layout.unified()).contains(Path.of("/nowhere/unified"));
        assertThat(layout.has("memory")).isTrue();
        assertThat(layout.has("io")).isFalse();
    }

    @Test
    void version_1_has_a_group_for_each_controller_that_is_needed() {
        assertThat(frames(CgroupLayout.parse(HYBRID_MOUNTS), limits(), List.of("c 1:3 rwm")))
                .isEqualTo("""
                        cgroup unified /nowhere/unified/jcompose/shop/0123
                        cgroup memory /sys/fs/cgroup/memory/jcompose/shop/0123
                        cgroup cpu /sys/fs/cgroup/cpu,cpuacct/jcompose/shop/0123
                        cgroup cpuset /sys/fs/cgroup/cpuset/jcompose/shop/0123
                        cgroup pids /sys/fs/cgroup/pids/jcompose/shop/0123
                        cgroup devices /sys/fs/cgroup/devices/jcompose/shop/0123
                        cgroup-set memory memory.limit_in_bytes 1000000 1
                        cgroup-set memory memory.memsw.limit_in_bytes 1500000 1
                        cgroup-set cpu cpu.cfs_period_us 100000 1
                        cgroup-set cpu cpu.cfs_quota_us 150000 1
                        cgroup-set cpu cpu.shares 512 1
                        cgroup-set cpuset cpuset.cpus 0-1 1
                        cgroup-set pids pids.max max 1
                        device-rule "c 1:3 rwm\"""");
    }

    @Test
    void version_2_has_one_group_and_other_words() {
        assertThat(frames(UNIFIED, limits(), List.of("c 1:3 rwm"))).isEqualTo("""
                        cgroup unified /sys/fs/cgroup/jcompose/shop/0123
                        cgroup-set memory memory.max 1000000 1
                        cgroup-set memory memory.swap.max 500000 1
                        cgroup-set cpu cpu.max "150000 100000" 1
                        cgroup-set cpu cpu.weight 20 1
                        cgroup-set cpuset cpuset.cpus 0-1 1
                        cgroup-set pids pids.max max 1
                        device-rule "c 1:3 rwm\"""");
    }

    @Test
    void without_limits_only_what_is_always_needed_is_joined() {
        assertThat(frames(CgroupLayout.parse(HYBRID_MOUNTS), unlimited(), List.of()))
                .isEqualTo("cgroup unified /nowhere/unified/jcompose/shop/0123");
        assertThat(frames(NONE, unlimited(), List.of("c 1:3 rwm"))).isEqualTo("device-rule \"c 1:3 rwm\"");
    }

    @Test
    void swap_is_as_much_as_memory_unless_said() {
        var memory =
                resources(OptionalLong.of(1000), OptionalLong.empty(), OptionalDouble.empty(), OptionalInt.empty());
        assertThat(frames(UNIFIED, memory, List.of())).contains("memory.swap.max 1000 0");
        var unlimited =
                resources(OptionalLong.of(1000), OptionalLong.of(-1), OptionalDouble.empty(), OptionalInt.empty());
        assertThat(frames(UNIFIED, unlimited, List.of())).contains("memory.swap.max max 1");
    }

    private static String frames(CgroupLayout layout, Resources resources, List<String> rules) {
        var plan = new ContainerPlan.Builder();
        new ContainerCgroup(layout, "", "shop", "0123").addTo(plan, resources, rules);
        var lines = plan.build().describe().lines().toList();
        return String.join("\n", lines.subList(1, lines.size() - 1));
    }

    private static Resources limits() {
        return new Resources(
                OptionalLong.of(1_000_000),
                OptionalLong.empty(),
                OptionalLong.of(1_500_000),
                OptionalDouble.of(1.5),
                OptionalInt.of(512),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.of("0-1"),
                OptionalLong.of(-1),
                OptionalInt.empty(),
                false,
                new LinkedHashMap<>(),
                Resources.Tuning.NONE);
    }

    private static Resources unlimited() {
        return resources(OptionalLong.empty(), OptionalLong.empty(), OptionalDouble.empty(), OptionalInt.empty());
    }

    private static Resources resources(
            OptionalLong memory, OptionalLong swap, OptionalDouble cpus, OptionalInt shares) {
        return new Resources(
                memory,
                OptionalLong.empty(),
                swap,
                cpus,
                shares,
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                OptionalInt.empty(),
                false,
                new LinkedHashMap<>(),
                Resources.Tuning.NONE);
    }
}
