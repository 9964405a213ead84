package dev.jcompose.runtime.linux;

import java.util.Optional;

/** {@code uid:gid} as whom the owner of a bound directory shows in the container. */
record OwnerMapping(int uid, int gid) {
    /** Empty for what is not two numbers. */
    static Optional<OwnerMapping> parse(String text) {
        var parts = text.split(":", -1);
        return parts.length == 2 && isNumber(parts[0]) && isNumber(parts[1])
                ? Optional.of(new OwnerMapping(Integer.parseInt(parts[0]), Integer.parseInt(parts[1])))
                : Optional.empty();
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() < 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
