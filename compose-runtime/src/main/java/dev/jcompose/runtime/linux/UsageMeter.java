package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.Activity.Usage;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Measures one running container: by its control groups, and by its first process for the network. */
final class UsageMeter {
    private static final long NANOS_PER_MICRO = 1000;
    private static final long KIB = 1024;

    private final CgroupFiles cgroups;
    private final int pid;

    UsageMeter(ContainerPlan plan, int pid) {
        this.cgroups = new CgroupFiles(plan);
        this.pid = pid;
    }

    Usage measure() {
        return new Usage(
                Instant.now(),
                cpu(),
                memory(),
                limit(),
                network(0),
                network(8),
                blocks("rbytes=", " Read "),
                blocks("wbytes=", " Write "),
                processes());
    }

    private long cpu() {
        return cgroups.isUnified("cpuacct")
                ? cgroups.field("cpu", "cpu.stat", "usage_usec").orElse(0) * NANOS_PER_MICRO
                : cgroups.number("cpuacct", "cpuacct.usage").orElse(0);
    }

    /** Without what is only cached, as Docker counts. */
    private long memory() {
        if (cgroups.number("memory", "memory.current").isEmpty()
                && cgroups.number("memory", "memory.usage_in_bytes").isEmpty()) {
            return resident();
        }
        boolean unified = cgroups.isUnified("memory");
        long used = cgroups.number("memory", unified ? "memory.current" : "memory.usage_in_bytes")
                .orElse(0);
        long cached = cgroups.field("memory", "memory.stat", unified ? "inactive_file" : "total_inactive_file")
                .orElse(0);
        return cached < used ? used - cached : used;
    }

    /** Without a control group for it: what its processes have in memory of their own. */
    private long resident() {
        return cgroups.processes().orElse(List.of(pid)).stream()
                .flatMap(one -> CgroupFiles.read(Path.of("/proc", Integer.toString(one), "status")).stream())
                .flatMap(String::lines)
                .filter(line -> line.startsWith("RssAnon:") || line.startsWith("RssShmem:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                .sum();
    }

    private long limit() {
        boolean unified = cgroups.isUnified("memory");
        long machine = CgroupFiles.read(Path.of("/proc/meminfo")).stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("MemTotal:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                .findFirst()
                .orElse(0);
        long own = cgroups.number("memory", unified ? "memory.max" : "memory.limit_in_bytes")
                .orElse(machine);
        return Math.min(own, machine);
    }

    /** Bytes received (column 0) or sent (column 8), on all interfaces but the loopback. */
    private long network(int column) {
        return CgroupFiles.read(Path.of("/proc", Integer.toString(pid), "net/dev")).stream()
                .flatMap(String::lines)
                .filter(line -> line.contains(":") && !line.strip().startsWith("lo:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip().split("\\s+", -1))
                .filter(fields -> fields.length > column)
                .mapToLong(fields -> Long.parseLong(fields[column]))
                .sum();
    }

    private long blocks(String unifiedKey, String word) {
        Optional<String> text = cgroups.isUnified("blkio")
                ? cgroups.text("io", "io.stat")
                : cgroups.text("blkio", "blkio.throttle.io_service_bytes");
        boolean unified = cgroups.isUnified("blkio");
        return text.stream()
                .flatMap(String::lines)
                .mapToLong(line -> unified ? after(line, unifiedKey) : after(line, word))
                .sum();
    }

    private static long after(String line, String key) {
        int at = line.indexOf(key);
        var digits = at < 0 ? "" : line.substring(at + key.length()).split(" ", 2)[0];
        return digits.matches("\\d{1,18}") ? Long.parseLong(digits) : 0;
    }

    private OptionalLong processes() {
        var counted = cgroups.number("pids", "pids.current");
        return counted.isPresent()
                ? counted
                : cgroups.processes().map(pids -> OptionalLong.of(pids.size())).orElse(OptionalLong.empty());
    }
}
