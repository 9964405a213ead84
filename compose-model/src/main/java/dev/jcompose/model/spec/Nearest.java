package dev.jcompose.model.spec;

import java.util.Collection;

/** Finds the known word a misspelt one was meant to be. */
public final class Nearest {
    private Nearest() {}

    /** {@code (did you mean "ports"?)} with a leading blank, or nothing when no word is near. */
    public static String hint(String wrong, Collection<String> known) {
        int best = Math.max(1, wrong.length() / 3) + 1;
        var nearest = "";
        for (var word : known) {
            if (Math.abs(word.length() - wrong.length()) < best) {
                int distance = distance(wrong, word);
                if (distance < best) {
                    best = distance;
                    nearest = word;
                }
            }
        }
        return nearest.isEmpty() ? "" : " (did you mean \"" + nearest + "\"?)";
    }

    /** Insertions, deletions, substitutions and swaps of neighbours between two words. */
    private static int distance(String a, String b) {
        int[][] rows = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                rows[i][j] = i == 0 ? j : j == 0 ? i : step(rows, a, b, i, j);
            }
        }
        return rows[a.length()][b.length()];
    }

    private static int step(int[][] rows, String a, String b, int i, int j) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least = Math.min(Math.min(rows[i - 1][j], rows[i][j - 1]) + 1, rows[i - 1][j - 1] + change);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, rows[i - 2][j - 2] + 1) : least;
    }
}
