package dev.jcompose.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedMap;

/**
 * Limits of one container; {@code deploy.resources.limits} and the older keys are already one.
 *
 * @param memory hard limit in bytes
 * @param memorySwap memory plus swap in bytes, -1 for unlimited
 * @param cpus CPU cores, fractions allowed
 * @param cpuset CPUs such as {@code 0-1}
 * @param pids process limit, -1 for unlimited
 * @param ulimits by name without {@code RLIMIT_}, such as {@code nofile}
 */
public record Resources(
        OptionalLong memory,
        OptionalLong memoryReservation,
        OptionalLong memorySwap,
        OptionalDouble cpus,
        OptionalInt cpuShares,
        OptionalLong cpuQuota,
        OptionalLong cpuPeriod,
        Optional<String> cpuset,
        OptionalLong pids,
        OptionalInt oomScoreAdj,
        boolean oomKillDisable,
        SequencedMap<String, Ulimit> ulimits,
        Tuning tuning) {
    public Resources {
        ulimits = Copies.ordered(ulimits);
    }

    /**
     * The finer points.
     *
     * @param swappiness 0 to 100
     * @param realtimePeriod microseconds; {@code realtimeRuntime} of them may be used by realtime tasks
     * @param ioWeight 10 to 1000
     * @param ioWeights weights by device path
     */
    public record Tuning(
            OptionalLong swappiness,
            OptionalLong realtimePeriod,
            OptionalLong realtimeRuntime,
            OptionalInt ioWeight,
            SequencedMap<String, Integer> ioWeights,
            List<Throttle> throttles) {
        public static final Tuning NONE = new Tuning(
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalInt.empty(),
                new LinkedHashMap<>(),
                List.of());

        public Tuning {
            ioWeights = Copies.ordered(ioWeights);
            throttles = List.copyOf(throttles);
        }
    }

    /** The most a device may read or write a second, in bytes ({@code bps}) or operations. */
    public record Throttle(String device, boolean write, boolean bps, long rate) {}

    /** A resource limit; -1 is unlimited. */
    public record Ulimit(long soft, long hard) {}
}
