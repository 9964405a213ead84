package dev.jcompose.runtime.linux.layer;

import java.util.ArrayList;
import java.util.List;

/** The path of a tar entry, checked: relative, without {@code ..}; empty for the root itself. */
record EntryName(List<String> names) {
    private static final int MAX_NAME = 255;
    private static final int MAX_DEPTH = 1024;

    EntryName {
        names = List.copyOf(names);
    }

    /** Reads a name as it stands in the archive. */
    static EntryName parse(String text) {
        if (text.startsWith("/")) {
            throw refused(text, "an absolute name");
        }
        if (text.indexOf('\0') >= 0) {
            throw refused(text, "a NUL character in its name");
        }
        var names = new ArrayList<String>();
        for (var name : text.split("/", -1)) {
            if (name.equals("..")) {
                throw refused(text, "\"..\" in its name");
            }
            if (name.length() > MAX_NAME) {
                throw refused(text.substring(0, 80) + "...", "a name longer than " + MAX_NAME + " characters");
            }
            if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        if (names.size() > MAX_DEPTH) {
            throw refused(text.substring(0, 80) + "...", "more than " + MAX_DEPTH + " directories in its name");
        }
        return new EntryName(names);
    }

    private static LayerException refused(String text, String reason) {
        return new LayerException("layer entry \"" + text.replace('\0', '?') + "\" has " + reason);
    }

    boolean isRoot() {
        return names.isEmpty();
    }

    String last() {
        return names.getLast();
    }

    EntryName parent() {
        return new EntryName(names.subList(0, names.size() - 1));
    }

    EntryName sibling(String name) {
        return parent().child(name);
    }

    EntryName child(String name) {
        var all = new ArrayList<>(names);
        all.add(name);
        return new EntryName(all);
    }

    @Override
    public String toString() {
        return String.join("/", names);
    }
}
