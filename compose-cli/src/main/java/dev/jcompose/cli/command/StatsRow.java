package dev.jcompose.cli.command;

import dev.jcompose.cli.output.ContainerText;
import dev.jcompose.cli.output.HumanSize;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.Activity.Usage;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** One container's line of {@code stats}, in Docker's words: its use now, and before. */
record StatsRow(ObservedContainer container, Optional<Usage> before, Optional<Usage> now) {
    Map<String, Object> fields(boolean untruncated) {
        var row = new LinkedHashMap<String, Object>();
        row.put("BlockIO", pair(HumanSize.of(of(Usage::read)), HumanSize.of(of(Usage::written))));
        row.put("CPUPerc", percent(cpu()));
        row.put("Container", container.id());
        row.put("ID", untruncated ? container.id() : ContainerText.shortId(container.id()));
        long limit = of(Usage::memoryLimit);
        row.put("MemPerc", percent(limit == 0 ? 0 : 100.0 * of(Usage::memory) / limit));
        row.put("MemUsage", pair(HumanSize.binary(of(Usage::memory)), HumanSize.binary(limit)));
        row.put("Name", container.name());
        row.put("NetIO", pair(HumanSize.of(of(Usage::received)), HumanSize.of(of(Usage::sent))));
        row.put("PIDs", String.valueOf(of(usage -> usage.processes().orElse(0))));
        return row;
    }

    /** Processor time over the time between the two samples. */
    private double cpu() {
        if (before.isEmpty() || now.isEmpty()) {
            return 0;
        }
        long used = now.get().cpuNanos() - before.get().cpuNanos();
        long passed = Duration.between(before.get().at(), now.get().at()).toNanos();
        return passed <= 0 || used < 0 ? 0 : 100.0 * used / passed;
    }

    private long of(ToLongFunction<Usage> what) {
        return now.map(what::applyAsLong).orElse(0L);
    }

    private static String pair(String one, String other) {
        return one + " / " + other;
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.2f%%", value);
    }
}
