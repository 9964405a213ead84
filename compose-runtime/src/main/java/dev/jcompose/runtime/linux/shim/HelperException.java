package dev.jcompose.runtime.linux.shim;

import dev.jcompose.runtime.BackendException;

/** The helper answered that a request failed; carries its words, for callers that know the thing better to say it better. */
public final class HelperException extends BackendException {
    private static final long serialVersionUID = 1L;

    private final String kind;
    private final String what;
    private final String path;
    private final String text;

    private HelperException(String kind, String what, String path, String text) {
        super(sentence(what, path, text));
        this.kind = kind;
        this.what = what;
        this.path = path;
        this.text = text;
    }

    /** From {@code error <n> <kind> <what> <path> <errno> <text>}. */
    static HelperException from(Frame error) {
        return new HelperException(error.text(2), error.text(3), error.text(4), error.text(6));
    }

    private static String sentence(String what, String path, String text) {
        var sentence = new StringBuilder("cannot ").append(what);
        if (!path.isEmpty()) {
            sentence.append(' ').append(path);
        }
        return text.isEmpty()
                ? sentence.toString()
                : sentence.append(": ").append(text).toString();
    }

    /** One of the kinds of {@code docs/native-runtime.md}. */
    public String kind() {
        return kind;
    }

    public String what() {
        return what;
    }

    public String path() {
        return path;
    }

    public String text() {
        return text;
    }
}
