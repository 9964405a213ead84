package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.build.BuildException;
import dev.jcompose.runtime.build.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What {@code --chmod} does to modes: {@code 755}, or {@code u=rwX,go-w} as chmod(1) knows it. */
final class ModeChange {
    static final ModeChange NONE = new ModeChange(List.of());

    private static final Pattern CLAUSE = Pattern.compile("([ugoa]*)((?:[-+=][rwxXst]*|[-+=][ugo])+)");
    private static final Pattern OPERATION = Pattern.compile("([-+=])([ugo]|[rwxXst]*)");

    private final List<Change> changes;

    /** Changes the mode of a file; {@code directory} says whether it is one. */
    @FunctionalInterface
    private interface Change {
        int apply(int mode, boolean directory);
    }

    private ModeChange(List<Change> changes) {
        this.changes = changes;
    }

    static ModeChange parse(Place place, String text) {
        if (text.matches("[0-7]{1,5}")) {
            int mode = Integer.parseInt(text, 8) & 07777;
            return new ModeChange(List.of((old, directory) -> mode));
        }
        var changes = new ArrayList<Change>();
        for (var clause : text.split(",", -1)) {
            var matcher = CLAUSE.matcher(clause);
            if (!matcher.matches()) {
                throw new BuildException(place, "--chmod=" + text + " is not a mode like 755 or u=rwX,go=rX");
            }
            int who = who(matcher.group(1));
            var operation = OPERATION.matcher(matcher.group(2));
            while (operation.find()) {
                changes.add(change(who, operation.group(1).charAt(0), operation.group(2)));
            }
        }
        return new ModeChange(changes);
    }

    /** The bits of the classes a letter stands for, setuid and its like included. */
    private static int who(String letters) {
        int bits = 0;
        for (int i = 0; i < letters.length(); i++) {
            bits |= switch (letters.charAt(i)) {
                case 'u' -> 04700;
                case 'g' -> 02070;
                case 'o' -> 01007;
                default -> 07777;
            };
        }
        return letters.isEmpty() ? 07777 : bits;
    }

    private static Change change(int who, char operator, String permissions) {
        return (mode, directory) -> {
            int bits = bits(permissions, mode, directory) & who;
            return switch (operator) {
                case '+' -> mode | bits;
                case '-' -> mode & ~bits;
                default -> (mode & ~(who & (directory ? 01777 : 07777))) | bits;
            };
        };
    }

    private static int bits(String permissions, int mode, boolean directory) {
        int bits = 0;
        for (int i = 0; i < permissions.length(); i++) {
            bits |= switch (permissions.charAt(i)) {
                case 'r' -> 0444;
                case 'w' -> 0222;
                case 'x' -> 0111;
                case 'X' -> directory || (mode & 0111) != 0 ? 0111 : 0;
                case 's' -> 06000;
                case 't' -> 01000;
                case 'u' -> 0111 * (mode >> 6 & 7);
                case 'g' -> 0111 * (mode >> 3 & 7);
                default -> 0111 * (mode & 7);
            };
        }
        return bits;
    }

    boolean isNone() {
        return changes.isEmpty();
    }

    int apply(int mode, boolean directory) {
        int changed = mode;
        for (var change : changes) {
            changed = change.apply(changed, directory);
        }
        return changed;
    }
}
