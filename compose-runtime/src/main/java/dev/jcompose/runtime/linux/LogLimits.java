package dev.jcompose.runtime.linux;

import dev.jcompose.model.Logging;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/** How much output is kept. Docker's json-file keeps everything unless told; its local driver keeps 5 files of 20 MB. */
record LogLimits(OptionalLong bytes, int files) {
    static final Set<String> DRIVERS = Set.of("json-file", "local", "none");
    static final Set<String> OPTIONS = Set.of("max-size", "max-file");
    private static final LogLimits LOCAL = new LogLimits(OptionalLong.of(20L << 20), 5);

    static LogLimits of(Logging logging) {
        var size = logging.options().get("max-size");
        var files = logging.options().get("max-file");
        var standard = logging.driver().orElse("").equals("local") ? LOCAL : new LogLimits(OptionalLong.empty(), 1);
        return new LogLimits(
                size == null ? standard.bytes() : size(size), files == null ? standard.files() : count(files));
    }

    /** Whether the values can be read. */
    static boolean areValid(Logging logging) {
        var size = logging.options().get("max-size");
        var files = logging.options().get("max-file");
        return (size == null || size.equals("-1") || size(size).isPresent()) && (files == null || count(files) > 0);
    }

    void addTo(ContainerPlan.Builder plan) {
        bytes.ifPresent(most -> plan.add("log-max", most).add("log-files", files));
    }

    /** {@code 10m}, {@code 512k}, {@code 1g}, a plain number; empty for what is none of them. */
    private static OptionalLong size(String text) {
        var lower = text.strip().toLowerCase(Locale.ROOT);
        int digits = 0;
        while (digits < lower.length() && Character.isDigit(lower.charAt(digits)) && digits < 12) {
            digits++;
        }
        int shift = shift(lower.substring(digits));
        return digits == 0 || shift < 0
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseLong(lower.substring(0, digits)) << shift);
    }

    private static int shift(String unit) {
        return switch (unit) {
            case "", "b" -> 0;
            case "k", "kb" -> 10;
            case "m", "mb" -> 20;
            case "g", "gb" -> 30;
            default -> -1;
        };
    }

    private static int count(String text) {
        var digits = text.strip();
        return !digits.isEmpty() && digits.length() < 5 && digits.chars().allMatch(Character::isDigit)
                ? Integer.parseInt(digits)
                : 0;
    }
}
