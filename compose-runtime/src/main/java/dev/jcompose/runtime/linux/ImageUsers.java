package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.BackendException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/** Users and groups as an image's {@code /etc/passwd} and {@code /etc/group} know them. */
final class ImageUsers {
    private static final long GREATEST = 0xfffffffeL;

    private final List<User> users;
    private final List<Group> groups;

    private record User(String name, long uid, long gid, String home) {}

    private record Group(String name, long gid, List<String> members) {}

    /** Reads the two files by way of {@code text}, which gives a file's text if there is one. */
    ImageUsers(Function<String, Optional<String>> text) {
        users = lines(text.apply("/etc/passwd"), 6, fields -> {
            var uid = number(fields.get(2));
            var gid = number(fields.get(3));
            return uid.isPresent() && gid.isPresent()
                    ? Optional.of(new User(fields.get(0), uid.getAsLong(), gid.getAsLong(), fields.get(5)))
                    : Optional.empty();
        });
        groups = lines(text.apply("/etc/group"), 4, fields -> {
            var gid = number(fields.get(2));
            return gid.isPresent()
                    ? Optional.of(new Group(
                            fields.get(0),
                            gid.getAsLong(),
                            List.of(fields.get(3).split(",", -1))))
                    : Optional.empty();
        });
    }

    private static <T> List<T> lines(Optional<String> text, int fields, Function<List<String>, Optional<T>> parse) {
        List<T> parsed = new ArrayList<>();
        for (var line : text.orElse("").split("\n", -1)) {
            var parts = List.of(line.strip().split(":", -1));
            if (parts.size() >= fields) {
                parse.apply(parts).ifPresent(parsed::add);
            }
        }
        return parsed;
    }

    /** An id the kernel has: a larger one, cut off, could be root's, and the very largest means no change. */
    private static OptionalLong number(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits && Long.parseLong(text) <= GREATEST
                ? OptionalLong.of(Long.parseLong(text))
                : OptionalLong.empty();
    }

    /** Who {@code name|uid[:group|gid]} is, with more groups by name or number; an empty text is root. */
    Identity resolve(String text, List<String> moreGroups) {
        int colon = text.indexOf(':');
        var userText = colon < 0 ? text : text.substring(0, colon);
        var groupText = colon < 0 ? "" : text.substring(colon + 1);
        var user = user(userText.isEmpty() ? "0" : userText);
        long gid = groupText.isEmpty() ? user.gid() : group(groupText);
        Set<Long> further = new LinkedHashSet<>();
        if (groupText.isEmpty() && !user.name().isEmpty()) {
            groups.stream()
                    .filter(group -> group.members().contains(user.name()))
                    .forEach(group -> further.add(group.gid()));
        }
        moreGroups.forEach(group -> further.add(group(group)));
        return new Identity(user.uid(), gid, new ArrayList<>(further), user.home());
    }

    private User user(String text) {
        var number = number(text);
        return users.stream()
                .filter(user -> user.name().equals(text))
                .findFirst()
                .or(() -> users.stream()
                        .filter(user -> number.isPresent() && user.uid() == number.getAsLong())
                        .findFirst())
                .orElseGet(() -> new User("", requireNumber(number, "user", text), 0, "/"));
    }

    private long group(String text) {
        return groups.stream()
                .filter(group -> group.name().equals(text))
                .findFirst()
                .map(Group::gid)
                .orElseGet(() -> requireNumber(number(text), "group", text));
    }

    private static long requireNumber(OptionalLong number, String kind, String text) {
        if (number.isEmpty()) {
            throw new BackendException("no " + kind + " \"" + text + "\" in the image's /etc/"
                    + (kind.equals("user") ? "passwd" : "group") + "; use a number, or an image that has it");
        }
        return number.getAsLong();
    }
}
