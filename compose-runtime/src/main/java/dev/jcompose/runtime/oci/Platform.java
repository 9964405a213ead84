package dev.jcompose.runtime.oci;

import dev.jcompose.runtime.BackendException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an image is made for: {@code linux/amd64}, {@code linux/arm/v7}.
 *
 * @param variant empty for an architecture's usual one
 */
public record Platform(String os, String architecture, String variant) {
    private static final String WORD = "[a-zA-Z0-9_-]{1,32}";
    /** From the least to the most demanding. */
    private static final List<String> ARM_VARIANTS = List.of("v5", "v6", "v7", "v8");

    /** Reads {@code os/architecture[/variant]}, or an architecture alone. */
    public static Platform parse(String text) {
        var words = List.of(text.toLowerCase(Locale.ROOT).split("/", -1));
        if (words.size() > 3 || !words.stream().allMatch(word -> word.matches(WORD))) {
            throw new BackendException("\"" + text + "\" is not a platform (like linux/amd64 or linux/arm/v7)");
        }
        if (words.size() == 1) {
            return words.getFirst().equals("linux") ? here() : normal("linux", words.getFirst(), "");
        }
        return normal(words.get(0), words.get(1), words.size() == 3 ? words.get(2) : "");
    }

    /** The platform of this machine. */
    public static Platform here() {
        return normal("linux", System.getProperty("os.arch", ""), "");
    }

    private static Platform normal(String os, String architecture, String variant) {
        return switch (architecture) {
            case "x86_64", "x86-64", "amd64" -> new Platform(os, "amd64", variant.equals("v1") ? "" : variant);
            case "aarch64", "arm64" -> new Platform(os, "arm64", variant.equals("v8") ? "" : variant);
            case "armhf" -> new Platform(os, "arm", "v7");
            case "armel" -> new Platform(os, "arm", "v6");
            case "arm" -> new Platform(os, "arm", variant.isEmpty() ? "v7" : variant);
            case "i386", "i686", "x86" -> new Platform(os, "386", variant);
            default -> new Platform(os, architecture, variant);
        };
    }

    /** Of the manifests of an index the one that suits this platform best. */
    public Optional<Descriptor> choose(ImageIndex index) {
        return index.manifests().stream()
                .filter(candidate -> !candidate.platform().isEmpty())
                .filter(candidate -> rank(of(candidate)) > 0)
                .max(Comparator.comparingInt(candidate -> rank(of(candidate))));
    }

    private static Platform of(Descriptor descriptor) {
        int slash = descriptor.platform().indexOf('/');
        return normal(
                descriptor.platform().substring(0, slash),
                descriptor.platform().substring(slash + 1),
                descriptor.variant());
    }

    /** How well an image for another platform runs on this one; 0: not at all. */
    private int rank(Platform other) {
        if (!other.os.equals(os) || !other.architecture.equals(architecture)) {
            return 0;
        }
        if (other.variant.equals(variant)) {
            return 100;
        }
        int mine = ARM_VARIANTS.indexOf(variant);
        int theirs = ARM_VARIANTS.indexOf(other.variant);
        if (architecture.equals("arm")) {
            return theirs >= 0 && theirs < mine ? 10 + theirs : 0;
        }
        return other.variant.isEmpty() ? 1 : 0; // the usual variant runs on the more able ones
    }

    /** Whether an image made for an architecture of {@code os} can be taken for this platform. */
    public boolean accepts(String otherOs, String otherArchitecture) {
        return otherArchitecture.isEmpty()
                || (otherOs.equals(os)
                        && normal(otherOs, otherArchitecture, "").architecture.equals(architecture));
    }

    @Override
    public String toString() {
        return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    }
}
