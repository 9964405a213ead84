package dev.jcompose.model.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Short volume syntax: {@code [source:]target[:options]}; a single letter before a colon is a Windows drive. */
public final class VolumeSyntax {
    private static final Set<String> PROPAGATIONS =
            Set.of("rprivate", "private", "rshared", "shared", "rslave", "slave");

    private VolumeSyntax() {}

    /** What the short form says; empty text stands for what it does not say. */
    public record Volume(
            String source, String target, boolean readOnly, boolean noCopy, String propagation, String selinux) {
        /** Whether the source is a host path rather than the name of a volume. */
        public boolean isBind() {
            return isHostPath(source);
        }
    }

    public static Volume parse(String spec) throws SyntaxException {
        if (spec.isEmpty()) {
            throw new SyntaxException("an empty volume (write [source:]target[:options])");
        }
        if (spec.length() <= 2) {
            return new Volume("", spec, false, false, "", "");
        }
        var parts = parts(spec);
        if (parts.contains("")) {
            throw new SyntaxException("empty section between colons in volume \"" + spec + "\"");
        }
        if (parts.size() > 3) {
            throw new SyntaxException("too many colons in volume \"" + spec + "\"");
        }
        if (parts.size() == 1) {
            return new Volume("", parts.get(0), false, false, "", "");
        }
        return withOptions(parts.get(0), parts.get(1), parts.size() == 3 ? parts.get(2) : "");
    }

    private static List<String> parts(String spec) {
        var parts = new ArrayList<String>();
        int start = 0;
        int braces = 0;
        for (int i = 0; i <= spec.length(); i++) {
            boolean drive = i < spec.length() && i == start + 1 && Character.isLetter(spec.charAt(start));
            if (spec.startsWith("${", i)) {
                braces++;
            } else if (braces > 0 && i < spec.length() && spec.charAt(i) == '}') {
                braces--;
            }
            if (i == spec.length() || (spec.charAt(i) == ':' && !drive && braces == 0)) {
                parts.add(spec.substring(start, i));
                start = i + 1;
            }
        }
        return parts;
    }

    private static Volume withOptions(String source, String target, String options) {
        boolean readOnly = false;
        boolean noCopy = false;
        var propagation = "";
        var selinux = "";
        for (var option : options.split(",", -1)) {
            switch (option) {
                case "ro" -> readOnly = true;
                case "rw" -> readOnly = false;
                case "nocopy" -> noCopy = true;
                case "z", "Z" -> selinux = option;
                default -> propagation = PROPAGATIONS.contains(option) ? option : propagation;
            }
        }
        return new Volume(source, target, readOnly, noCopy, propagation, selinux);
    }

    /** Whether a source means a host path: it starts with {@code .}, {@code /}, {@code ~}, {@code \\} or a drive. */
    public static boolean isHostPath(String source) {
        if (source.isEmpty()) {
            return false;
        }
        char first = source.charAt(0);
        return first == '.'
                || first == '/'
                || first == '~'
                || source.startsWith("\\\\")
                || (source.length() > 1 && Character.isLetter(first) && source.charAt(1) == ':');
    }
}
