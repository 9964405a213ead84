package dev.jcompose.runtime.linux.layer;

import dev.jcompose.runtime.BackendException;
import java.util.Map;
import java.util.regex.Pattern;

/** How much one layer may unpack to: archives are untrusted and may be made to fill the disk. */
public record LayerLimits(long entries, long bytes) {
    public static final LayerLimits DEFAULT = new LayerLimits(4_000_000, 256L << 30);
    public static final String REMEDY =
            "; if it is meant to, allow more with JCOMPOSE_MAX_LAYER_SIZE and _MAX_LAYER_FILES";
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})([kmgtKMGT]?)[bB]?");

    /** The limits the environment sets: {@code JCOMPOSE_MAX_LAYER_SIZE=20g}, {@code JCOMPOSE_MAX_LAYER_FILES=100000}. */
    public static LayerLimits from(Map<String, String> environment) {
        return new LayerLimits(
                limit(environment, "JCOMPOSE_MAX_LAYER_FILES", DEFAULT.entries()),
                limit(environment, "JCOMPOSE_MAX_LAYER_SIZE", DEFAULT.bytes()));
    }

    private static long limit(Map<String, String> environment, String variable, long otherwise) {
        var text = environment.getOrDefault(variable, "");
        if (text.isBlank()) {
            return otherwise;
        }
        var parts = SIZE.matcher(text.strip());
        if (!parts.matches()) {
            throw new BackendException(variable + "=" + text + " is no size (like 500m or 20g)");
        }
        int power = parts.group(2).isEmpty()
                ? 0
                : "kmgt".indexOf(Character.toLowerCase(parts.group(2).charAt(0))) + 1;
        return Long.parseLong(parts.group(1)) << (10 * power);
    }
}
