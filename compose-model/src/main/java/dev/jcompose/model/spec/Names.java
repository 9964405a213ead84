package dev.jcompose.model.spec;

/** What names may look like. */
public final class Names {
    private Names() {}

    /** A letter or digit, then at least one of letters, digits, {@code _}, {@code .} and {@code -}. */
    public static boolean isContainerName(String name) {
        return name.length() > 1 && isAlphanumeric(name.charAt(0)) && isKey(name);
    }

    /** Letters, digits, {@code _}, {@code .} and {@code -}: the keys of services, networks and so on. */
    public static boolean isKey(String key) {
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (!isAlphanumeric(c) && c != '_' && c != '.' && c != '-') {
                return false;
            }
        }
        return !key.isEmpty();
    }

    /** Lower-case letters, digits, {@code _} and {@code -}, not starting with one of the latter two. */
    public static boolean isProjectName(String name) {
        return !name.isEmpty() && normalizedProjectName(name).equals(name);
    }

    /** A directory's name as a project name: lower case, without the characters that may not be in one. */
    public static String normalizedProjectName(String name) {
        var out = new StringBuilder();
        for (char c : name.toLowerCase(java.util.Locale.ROOT).toCharArray()) {
            boolean first = out.isEmpty();
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (!first && (c == '_' || c == '-'))) {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
