package dev.jcompose.cli.output;

import java.util.List;
import java.util.Locale;

/** Sizes in the words of Docker: {@code 1.24MB}, in powers of 1000 and at most three digits. */
public final class HumanSize {
    private static final int STEP = 1000;
    private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB", "PB");

    private HumanSize() {}

    public static String of(long bytes) {
        double size = bytes;
        int unit = 0;
        while (size >= STEP && unit < UNITS.size() - 1) {
            size /= STEP;
            unit++;
        }
        var digits = String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", size);
        var plain = digits.contains(".") ? digits.replaceFirst("\\.?0+$", "") : digits;
        return plain + UNITS.get(unit);
    }
}
