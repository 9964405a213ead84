package dev.jcompose.cli.output;

import java.util.List;
import java.util.Locale;

/** Sizes in the words of Docker: {@code 1.24MB}, in powers of 1000 and at most three digits. */
public final class HumanSize {
    private static final int STEP = 1000;
    private static final int BINARY_STEP = 1024;
    private static final List<String> BINARY_UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB");
    private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB", "PB");

    private HumanSize() {}

    public static String of(long bytes) {
        return scaled(bytes, STEP, UNITS, 3);
    }

    /** In powers of 1024 and at most four digits, as Docker tells memory: {@code 1.305MiB}. */
    public static String binary(long bytes) {
        return scaled(bytes, BINARY_STEP, BINARY_UNITS, 4);
    }

    private static String scaled(long bytes, int step, List<String> units, int digitsShown) {
        double size = bytes;
        int unit = 0;
        while (size >= step && unit < units.size() - 1) {
            size /= step;
            unit++;
        }
        int whole = size >= 1000 ? 4 : size >= 100 ? 3 : size >= 10 ? 2 : 1;
        var digits = String.format(Locale.ROOT, "%." + Math.max(0, digitsShown - whole) + "f", size);
        var plain = digits.contains(".") ? digits.replaceFirst("\\.?0+$", "") : digits;
        return plain + units.get(unit);
    }
}
