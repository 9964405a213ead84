package dev.jcompose.model;

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
        SequencedMap<String, Ulimit> ulimits) {
    public Resources {
        ulimits = Copies.ordered(ulimits);
    }

    /** A resource limit; -1 is unlimited. */
    public record Ulimit(long soft, long hard) {}
}
