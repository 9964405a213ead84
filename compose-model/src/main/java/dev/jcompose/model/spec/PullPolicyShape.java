package dev.jcompose.model.spec;

import dev.jcompose.model.yaml.Scalar;
import dev.jcompose.model.yaml.YamlNode;
import java.util.List;

/** {@code pull_policy}: a word or {@code every_<duration>}. */
final class PullPolicyShape extends ScalarShape {
    private static final List<String> WORDS =
            List.of("always", "never", "build", "if_not_present", "missing", "refresh", "daily", "weekly");

    @Override
    String expected() {
        return "one of always, never, build, missing, daily, weekly or every_<duration>";
    }

    @Override
    YamlNode read(Scalar scalar, Place place) {
        boolean valid = scalar.kind() == Scalar.Kind.TEXT && (WORDS.contains(scalar.text()) || isEvery(scalar.text()));
        if (!valid) {
            place.error(
                    scalar,
                    "must be " + expected() + ", not " + scalar.describe() + Nearest.hint(scalar.text(), WORDS));
        }
        return scalar.text().equals("if_not_present") ? scalar.withText("missing") : scalar;
    }

    private static boolean isEvery(String text) {
        if (!text.startsWith("every_") || text.length() < 8) {
            return false;
        }
        boolean digits = false;
        for (int i = 6; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (!digit && (!digits || "wdhms".indexOf(c) < 0)) {
                return false;
            }
            digits = digit;
        }
        return !digits;
    }
}
