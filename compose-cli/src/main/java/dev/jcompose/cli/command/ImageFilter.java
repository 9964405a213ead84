package dev.jcompose.cli.command;

import dev.jcompose.cli.option.UsageException;
import dev.jcompose.runtime.Images.ImageSummary;
import dev.jcompose.runtime.NotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Which images a list shows: {@code dangling=true}, {@code reference=ng*}, {@code label=a=b}, {@code before=x}, {@code since=x}. */
final class ImageFilter {
    private final List<Map.Entry<String, String>> filters = new ArrayList<>();

    ImageFilter(List<String> texts, List<String> names) {
        for (var text : texts) {
            int equals = text.indexOf('=');
            if (equals <= 0) {
                throw new UsageException("--filter " + text + " is not a filter: it is like dangling=true");
            }
            filters.add(Map.entry(text.substring(0, equals), text.substring(equals + 1)));
        }
        if (names.size() > 1) {
            throw new UsageException("image ls wants one name at most: jcompose image ls [NAME]");
        }
        names.forEach(name -> filters.add(Map.entry("reference", name)));
    }

    List<ImageSummary> of(List<ImageSummary> images) {
        Predicate<ImageSummary> matches = image -> true;
        for (var filter : filters) {
            matches = matches.and(predicate(filter.getKey(), filter.getValue(), images));
        }
        return images.stream().filter(matches).toList();
    }

    private static Predicate<ImageSummary> predicate(String key, String value, List<ImageSummary> images) {
        return switch (key) {
            case "dangling" -> dangling(truth(value));
            case "reference" -> image -> !image.isDangling() && matches(image.reference(), value);
            case "label" -> image -> hasLabel(image, value);
            case "before" -> createdBefore(find(images, value).created());
            case "since" -> createdAfter(find(images, value).created());
            default ->
                throw new UsageException("--filter " + key + "=" + value
                        + " is not known: there are dangling, reference, label, before and since");
        };
    }

    private static Predicate<ImageSummary> dangling(boolean wanted) {
        return image -> image.isDangling() == wanted;
    }

    private static Predicate<ImageSummary> createdBefore(Instant time) {
        return image -> image.created().isBefore(time);
    }

    private static Predicate<ImageSummary> createdAfter(Instant time) {
        return image -> image.created().isAfter(time);
    }

    private static boolean truth(String value) {
        return switch (value) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw new UsageException("--filter dangling=" + value + ": it is true or false");
        };
    }

    /** A name alone matches all its tags. */
    private static boolean matches(String reference, String pattern) {
        var whole = tag(pattern).isPresent() ? reference : repository(reference);
        return FileSystems.getDefault().getPathMatcher("glob:" + pattern).matches(Path.of(whole));
    }

    private static boolean hasLabel(ImageSummary image, String label) {
        int equals = label.indexOf('=');
        return equals < 0
                ? image.labels().containsKey(label)
                : label.substring(equals + 1).equals(image.labels().get(label.substring(0, equals)));
    }

    private static ImageSummary find(List<ImageSummary> images, String text) {
        var id = text.startsWith("sha256:") ? text : "sha256:" + text;
        return images.stream()
                .filter(image -> image.id().startsWith(id)
                        || image.reference().equals(text)
                        || image.reference().equals(text + ":latest"))
                .findFirst()
                .orElseThrow(() -> new NotFoundException("no such image: " + text));
    }

    static String repository(String reference) {
        int at = reference.indexOf('@');
        var name = at < 0 ? reference : reference.substring(0, at);
        return tag(name).isPresent() ? name.substring(0, name.lastIndexOf(':')) : name;
    }

    static Optional<String> tag(String reference) {
        int at = reference.indexOf('@');
        var name = at < 0 ? reference : reference.substring(0, at);
        int colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf('/') ? Optional.of(name.substring(colon + 1)) : Optional.empty();
    }
}
