package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.build.BuildException;
import dev.jcompose.runtime.build.Place;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import java.util.List;
import java.util.Optional;

/** Who owns copied files: {@code --chown=user[:group]}, by number or by name in the image. */
public record Owner(int uid, int gid) {
    static final Owner ROOT = new Owner(0, 0);

    static Owner parse(Place place, String text, LayeredFiles image) {
        int colon = text.indexOf(':');
        var user = colon < 0 ? text : text.substring(0, colon);
        var account = account(place, user, image);
        if (colon < 0) {
            return account;
        }
        return new Owner(account.uid(), group(place, text.substring(colon + 1), image));
    }

    private static Owner account(Place place, String user, LayeredFiles image) {
        var number = number(user);
        if (number.isPresent()) {
            return new Owner(number.get(), number.get());
        }
        var fields = line(image, "etc/passwd", user).filter(f -> f.size() >= 4);
        return fields.flatMap(f ->
                        number(f.get(2)).flatMap(uid -> number(f.get(3)).map(gid -> new Owner(uid, gid))))
                .orElseThrow(() -> unknown(place, "user", user, "/etc/passwd"));
    }

    private static int group(Place place, String group, LayeredFiles image) {
        return number(group)
                .or(() -> line(image, "etc/group", group)
                        .filter(f -> f.size() >= 3)
                        .flatMap(f -> number(f.get(2))))
                .orElseThrow(() -> unknown(place, "group", group, "/etc/group"));
    }

    private static BuildException unknown(Place place, String kind, String name, String file) {
        return new BuildException(
                place,
                "--chown: no " + kind + " \"" + name + "\" in the image's " + file + " (a number works without it)");
    }

    private static Optional<List<String>> line(LayeredFiles image, String file, String name) {
        return image.readText(file)
                .flatMap(text -> text.lines()
                        .map(line -> List.of(line.split(":", -1)))
                        .filter(fields -> fields.getFirst().equals(name))
                        .findFirst());
    }

    private static Optional<Integer> number(String text) {
        return text.matches("[0-9]{1,10}") && Long.parseLong(text) < 0xffffffffL
                ? Optional.of((int) Long.parseLong(text))
                : Optional.empty();
    }
}
