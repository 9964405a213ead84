package dev.jcompose.model.syntax;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/** Durations such as {@code 1m30s}: numbers with the units w, d, h, m, s, ms, us and ns. */
public final class DurationSyntax {
    private DurationSyntax() {}

    public static Duration parse(String text) throws SyntaxException {
        boolean negative = text.startsWith("-");
        int i = negative || text.startsWith("+") ? 1 : 0;
        if (text.substring(i).equals("0")) {
            return Duration.ZERO;
        }
        if (i == text.length()) {
            throw bad(text);
        }
        var total = BigDecimal.ZERO;
        while (i < text.length()) {
            int unit = end(text, i, true);
            int next = end(text, unit, false);
            if (unit == i || unit == next) {
                throw bad(text);
            }
            total = total.add(number(text, i, unit).multiply(nanos(text, text.substring(unit, next))));
            i = next;
        }
        return duration(text, negative ? total.negate() : total);
    }

    private static int end(String text, int from, boolean numeric) {
        int i = from;
        while (i < text.length() && numeric == (Character.isDigit(text.charAt(i)) || text.charAt(i) == '.')) {
            i++;
        }
        return i;
    }

    private static BigDecimal number(String text, int from, int to) throws SyntaxException {
        try {
            return new BigDecimal(text.substring(from, to));
        } catch (NumberFormatException e) {
            throw bad(text);
        }
    }

    private static BigDecimal nanos(String text, String unit) throws SyntaxException {
        return BigDecimal.valueOf(
                switch (unit) {
                    case "ns" -> 1L;
                    case "us", "µs", "μs" -> 1_000L;
                    case "ms" -> 1_000_000L;
                    case "s" -> 1_000_000_000L;
                    case "m" -> 60_000_000_000L;
                    case "h" -> 3_600_000_000_000L;
                    case "d" -> 86_400_000_000_000L;
                    case "w" -> 604_800_000_000_000L;
                    default -> throw bad(text);
                });
    }

    private static Duration duration(String text, BigDecimal nanos) throws SyntaxException {
        try {
            return Duration.ofNanos(nanos.setScale(0, RoundingMode.DOWN).longValueExact());
        } catch (ArithmeticException e) {
            throw new SyntaxException("\"" + text + "\" is too long a duration");
        }
    }

    private static SyntaxException bad(String text) {
        return new SyntaxException("\"" + text + "\" is not a duration (like 90s, 1m30s or 500ms)");
    }

    /** The form {@code config} prints: {@code 1h0m0s}, {@code 1.5s}, {@code 500ms}. */
    public static String print(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos == 0) {
            return "0s";
        }
        var sign = nanos < 0 ? "-" : "";
        long size = Math.abs(nanos);
        if (size < 1_000L) {
            return sign + size + "ns";
        }
        if (size < 1_000_000L) {
            return sign + fraction(size, 3) + "µs";
        }
        if (size < 1_000_000_000L) {
            return sign + fraction(size, 6) + "ms";
        }
        return sign + withSeconds(size);
    }

    private static String withSeconds(long nanos) {
        long seconds = nanos / 1_000_000_000L;
        var rest = fraction(nanos % 60_000_000_000L, 9) + "s";
        if (seconds < 60) {
            return rest;
        }
        return seconds < 3600 ? seconds / 60 + "m" + rest : seconds / 3600 + "h" + seconds / 60 % 60 + "m" + rest;
    }

    private static String fraction(long value, int scale) {
        var number = BigDecimal.valueOf(value, scale).stripTrailingZeros();
        return number.toPlainString();
    }
}
