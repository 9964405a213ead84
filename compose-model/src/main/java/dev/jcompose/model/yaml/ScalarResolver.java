package dev.jcompose.model.yaml;

import dev.jcompose.model.yaml.Scalar.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;

/**
 * Decides what a plain scalar means: YAML 1.2 core with the number forms Compose also takes ({@code 017}, {@code 0b1},
 * {@code 1_000}). {@code yes} and {@code 12:30} are text.
 */
final class ScalarResolver {
    private static final BigInteger UNSIGNED_END = BigInteger.ONE.shiftLeft(64);
    private static final BigInteger LOWEST = BigInteger.valueOf(Long.MIN_VALUE);

    private ScalarResolver() {}

    /** The kind and plain form of an untagged plain scalar. */
    record Meaning(Kind kind, String text) {}

    static Meaning resolve(String raw) {
        return switch (raw) {
            case "", "~", "null", "Null", "NULL" -> new Meaning(Kind.NULL, "");
            case "true", "True", "TRUE" -> new Meaning(Kind.FLAG, "true");
            case "false", "False", "FALSE" -> new Meaning(Kind.FLAG, "false");
            case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF" -> new Meaning(Kind.DECIMAL, "+Inf");
            case "-.inf", "-.Inf", "-.INF" -> new Meaning(Kind.DECIMAL, "-Inf");
            case ".nan", ".NaN", ".NAN" -> new Meaning(Kind.DECIMAL, "NaN");
            default -> number(raw).or(() -> Timestamps.resolve(raw)).orElseGet(() -> new Meaning(Kind.TEXT, raw));
        };
    }

    private static Optional<Meaning> number(String raw) {
        char first = raw.charAt(0);
        if (first != '.' && first != '-' && first != '+' && (first < '0' || first > '9')) {
            return Optional.empty();
        }
        var plain = raw.indexOf('_') < 0 ? raw : raw.replace("_", "");
        return whole(plain).or(() -> decimal(plain));
    }

    private static Optional<Meaning> whole(String plain) {
        int start = plain.startsWith("-") || plain.startsWith("+") ? 1 : 0;
        int radix = radix(plain, start);
        int digits = start + prefixLength(plain, start, radix);
        if (!allDigits(plain, digits, radix)) {
            return Optional.empty();
        }
        if (plain.length() - digits <= 15 && radix <= 10) {
            long value = Long.parseLong(plain, digits, plain.length(), radix);
            return Optional.of(new Meaning(Kind.WHOLE, Long.toString(plain.charAt(0) == '-' ? -value : value)));
        }
        if (plain.length() - digits > 64) {
            return Optional.empty();
        }
        var value = new BigInteger(plain.substring(digits), radix);
        if (plain.charAt(0) == '-') {
            value = value.negate();
        }
        return value.compareTo(LOWEST) >= 0 && value.compareTo(UNSIGNED_END) < 0
                ? Optional.of(new Meaning(Kind.WHOLE, value.toString()))
                : Optional.empty();
    }

    private static int radix(String plain, int start) {
        if (plain.length() < start + 2 || plain.charAt(start) != '0') {
            return 10;
        }
        return switch (plain.charAt(start + 1)) {
            case 'x', 'X' -> 16;
            case 'b', 'B' -> 2;
            default -> 8;
        };
    }

    private static int prefixLength(String plain, int start, int radix) {
        if (radix == 10) {
            return 0;
        }
        if (radix == 8) {
            char second = plain.charAt(start + 1);
            return second == 'o' || second == 'O' ? 2 : 1;
        }
        return 2;
    }

    private static boolean allDigits(String plain, int from, int radix) {
        if (from >= plain.length()) {
            return false;
        }
        for (int i = from; i < plain.length(); i++) {
            if (plain.charAt(i) > 'f' || Character.digit(plain.charAt(i), radix) < 0) {
                return false;
            }
        }
        return true;
    }

    private static Optional<Meaning> decimal(String plain) {
        if (!isDecimal(plain)) {
            return Optional.empty();
        }
        double value = Double.parseDouble(plain);
        return Double.isInfinite(value) ? Optional.empty() : Optional.of(new Meaning(Kind.DECIMAL, print(value)));
    }

    private static boolean isDecimal(String plain) {
        int i = plain.startsWith("-") || plain.startsWith("+") ? 1 : 0;
        int whole = countDigits(plain, i);
        i += whole;
        int fraction = 0;
        if (i < plain.length() && plain.charAt(i) == '.') {
            fraction = countDigits(plain, ++i);
            i += fraction;
        }
        if (whole + fraction == 0) {
            return false;
        }
        if (i < plain.length() && (plain.charAt(i) == 'e' || plain.charAt(i) == 'E')) {
            i++;
            i += i < plain.length() && (plain.charAt(i) == '-' || plain.charAt(i) == '+') ? 1 : 0;
            int exponent = countDigits(plain, i);
            if (exponent == 0) {
                return false;
            }
            i += exponent;
        }
        return i == plain.length();
    }

    private static int countDigits(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i - from;
    }

    /** The shortest decimal form, with an exponent from 1e+06 and below 1e-04 on, as Compose prints numbers. */
    static String print(double value) {
        if (value == 0) {
            return "0";
        }
        var shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < 6) {
            return shortest.toPlainString();
        }
        return withExponent(shortest, exponent);
    }

    /** The form with an exponent: {@code 1.5e+21}. */
    static String withExponent(BigDecimal value, int exponent) {
        var digits = value.unscaledValue().abs().toString();
        var mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return (value.signum() < 0 ? "-" : "")
                + mantissa
                + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
}
