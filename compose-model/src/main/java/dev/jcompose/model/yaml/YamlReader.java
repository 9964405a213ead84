package dev.jcompose.model.yaml;

import dev.jcompose.model.problem.Position;
import dev.jcompose.model.problem.Problems;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads the text of one file into its documents. */
public final class YamlReader {
    private static final int MOST_CODE_POINTS = 64 * 1024 * 1024;

    /** The parser copies what it holds of a value each time it fills its buffer; a small one makes long values quadratic. */
    private static final int LARGEST_BUFFER = 1 << 20;

    private final Problems problems;

    public YamlReader(Problems problems) {
        this.problems = problems;
    }

    /**
     * Reads every document of a file.
     *
     * @param file how positions name the file
     * @throws dev.jcompose.model.problem.InvalidProjectException when the text is not YAML at all
     */
    public List<YamlNode> read(String file, byte[] bytes) {
        return read(file, decode(file, bytes));
    }

    public List<YamlNode> read(String file, String text) {
        problems.addSource(file, text);
        var settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(MOST_CODE_POINTS)
                .setBufferSize(Math.clamp(text.length(), 1024, LARGEST_BUFFER))
                .build();
        try {
            return new NodeBuilder(file, new Parse(settings).parseString(text).iterator(), problems).documents();
        } catch (MarkedYamlEngineException e) {
            var mark = isUnclosed(e) ? e.getContextMark() : e.getProblemMark();
            var at = mark.map(found -> position(file, found)).orElseGet(() -> new Position(file, 1, 1));
            throw problems.fatal(at, "", syntaxMessage(e));
        } catch (ReaderException e) {
            throw problems.fatal(
                    place(file, text, e.getPosition()),
                    "",
                    "the character U+%04X is not allowed in YAML".formatted(e.getCodePoint()));
        } catch (YamlEngineException e) {
            throw problems.fatal(new Position(file, 1, 1), "", "not YAML: " + firstLine(e));
        }
    }

    static Position position(String file, Mark mark) {
        return new Position(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private String decode(String file, byte[] bytes) {
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw problems.fatal(new Position(file, badLine(bytes), 1), "", "not valid UTF-8");
        }
    }

    /** The first line that does not decode by itself. */
    private static int badLine(byte[] bytes) {
        int line = 1;
        int start = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i == bytes.length || bytes[i] == '\n') {
                if (!isUtf8(ByteBuffer.wrap(bytes, start, i - start))) {
                    return line;
                }
                line++;
                start = i + 1;
            }
        }
        return 1;
    }

    private static boolean isUtf8(ByteBuffer bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(bytes);
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static Position place(String file, String text, int codePointIndex) {
        int index = Math.min(text.length(), codePointIndex);
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < index; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return new Position(file, line, index - lineStart + 1);
    }

    /** Whether a quoted text goes on to the end of the file, which says nothing about where it should have ended. */
    private static boolean isUnclosed(MarkedYamlEngineException e) {
        return String.valueOf(e.getContext()).contains("quoted scalar")
                && String.valueOf(e.getProblem()).contains("end of stream");
    }

    private static String syntaxMessage(MarkedYamlEngineException e) {
        var problem = e.getProblem() == null ? firstLine(e) : e.getProblem();
        if (isUnclosed(e)) {
            return "not valid YAML: this quote is never closed";
        }
        if (problem.contains("'\\t(TAB)'") || problem.contains("\\t")) {
            return "YAML does not allow a tab here; indent with spaces";
        }
        return e.getContext() == null
                ? "not valid YAML: " + problem
                : "not valid YAML: " + e.getContext() + ": " + problem;
    }

    private static String firstLine(Exception e) {
        var message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
