package dev.jcompose.model.syntax;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Byte sizes such as {@code 64m} or {@code 1.5 GiB}; every unit is a power of 1024. */
public final class SizeSyntax {
    private SizeSyntax() {}

    public static long parse(String text) throws SyntaxException {
        int end = text.length();
        while (end > 0 && !Character.isDigit(text.charAt(end - 1)) && text.charAt(end - 1) != '.') {
            end--;
        }
        var unit = text.substring(end).strip().toLowerCase(Locale.ROOT);
        try {
            var bytes = new BigDecimal(text.substring(0, end)).multiply(BigDecimal.valueOf(factor(text, unit)));
            if (bytes.signum() < 0 && bytes.compareTo(BigDecimal.ONE.negate()) != 0) {
                throw bad(text);
            }
            return bytes.setScale(0, RoundingMode.DOWN).longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            throw bad(text);
        }
    }

    private static long factor(String text, String unit) throws SyntaxException {
        return switch (unit) {
            case "", "b" -> 1;
            case "k", "kb", "kib" -> 1L << 10;
            case "m", "mb", "mib" -> 1L << 20;
            case "g", "gb", "gib" -> 1L << 30;
            case "t", "tb", "tib" -> 1L << 40;
            case "p", "pb", "pib" -> 1L << 50;
            default -> throw bad(text);
        };
    }

    private static SyntaxException bad(String text) {
        return new SyntaxException("\"" + text + "\" is not a size (like 64m, 1gb or 1.5g)");
    }
}
