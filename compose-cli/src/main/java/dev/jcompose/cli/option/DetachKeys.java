package dev.jcompose.cli.option;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What to type to leave a container: letters and {@code ctrl-x}, separated by commas. */
public final class DetachKeys {
    private static final String CTRL = "ctrl-";
    private static final int CONTROL = 0x1f;

    private DetachKeys() {}

    /** The bytes that a terminal sends for these keys. */
    public static List<Integer> parse(String text) {
        List<Integer> keys = new ArrayList<>();
        for (var key : text.split(",", -1)) {
            keys.add(code(key, text));
        }
        return keys;
    }

    private static int code(String key, String all) {
        var name = key.toLowerCase(Locale.ROOT);
        if (name.startsWith(CTRL) && name.length() == CTRL.length() + 1) {
            char letter = name.charAt(CTRL.length());
            if ((letter >= 'a' && letter <= 'z') || "@[\\]^_".indexOf(letter) >= 0) {
                return Character.toUpperCase(letter) & CONTROL;
            }
        }
        if (key.length() == 1 && key.charAt(0) < 0x80) {
            return key.charAt(0);
        }
        throw new UsageException(
                "--detach-keys wants letters and ctrl-LETTER, separated by commas, not \"" + all + "\"");
    }
}
