package dev.jcompose.model.env;

import dev.jcompose.model.interpolate.Variables;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** The {@code format: raw} dialect: {@code NAME=value} to the end of the line, no quotes, no variables. */
public final class RawEnvFile {
    private RawEnvFile() {}

    public static SequencedMap<String, String> parse(String text, Variables outer) throws EnvFileException {
        var values = new LinkedHashMap<String, String>();
        int number = 0;
        for (var line : text.split("\n", -1)) {
            number++;
            var statement = (line.endsWith("\r") ? line.substring(0, line.length() - 1) : line).stripLeading();
            if (!statement.isEmpty() && statement.charAt(0) != '#') {
                add(statement, number, outer, values);
            }
        }
        return values;
    }

    private static void add(String statement, int line, Variables outer, SequencedMap<String, String> values)
            throws EnvFileException {
        int equals = statement.indexOf('=');
        var name = equals < 0 ? statement : statement.substring(0, equals);
        if (name.isEmpty()) {
            throw new EnvFileException(line, "no variable name before \"=\"");
        }
        if (name.indexOf(' ') >= 0 || name.indexOf('\t') >= 0) {
            throw new EnvFileException(line, "the variable name \"" + name + "\" contains blanks");
        }
        if (equals >= 0) {
            values.put(name, statement.substring(equals + 1));
        } else {
            outer.value(name).ifPresent(value -> values.put(name, value));
        }
    }
}
