package dev.jcompose.runtime.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jcompose.model.spec.ComposeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Keeps docs/compose-attributes.md what the code says; {@code -Djcompose.write} writes it anew. */
class AttributeDocumentTest {
    private static final Path DOCUMENT = Path.of("../docs/compose-attributes.md");
    private static final String WRITE = "mvn -q -pl compose-runtime -am test -Dtest=AttributeDocumentTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Djcompose.write=true";

    private static final String DOCKER = "/dev/jcompose/runtime/docker/attributes.txt";
    private static final String HEAD = "| attribute | parsed | native | docker |\n|---|---|---|---|\n";

    private final AttributeTable table = AttributeTable.read();
    private final Optional<AttributeTable> docker =
            Optional.ofNullable(AttributeTable.class.getResource(DOCKER)).map(found -> AttributeTable.read(DOCKER));

    @Test
    void the_document_says_what_the_code_does() throws IOException {
        var expected = document();
        if (Boolean.getBoolean("jcompose.write")) {
            Files.writeString(DOCUMENT, expected);
        }
        assertThat(Files.readString(DOCUMENT))
                .as("docs/compose-attributes.md is stale; write it anew: %s", WRITE)
                .isEqualTo(expected);
    }

    private String document() {
        var text = new StringBuilder("""
                # Attributes of the Compose Specification

                Generated from `model.spec`, which reads every attribute below, and the table by which the native backend checks a project
                before it starts anything. Do not edit; write it anew with

                    %s

                - **parsed**: read in every form, merged, checked and shown by `config`; unknown keys are refused with their nearest known word.
                - **native**: what the native backend does. *refused*: with file, line and column, before anything is started. *some values*:
                  the others are refused likewise. *group*: honoured where the machine has that control group, else refused. *before*: honoured
                  by loading, planning, building or output. *note*: for people and other tools. *Swarm only*: means something to a Swarm cluster
                  only, for Docker Compose too.
                - **docker**: %s
                """.formatted(
                        WRITE,
                        docker.isPresent()
                                ? "what the docker backend does, in the same words."
                                : "there is no docker backend yet."));
        var sections = new LinkedHashMap<String, StringBuilder>();
        for (var path : ComposeFile.attributes()) {
            int dot = path.indexOf('.');
            sections.computeIfAbsent(dot < 0 ? "top level" : path.substring(0, dot), name -> new StringBuilder())
                    .append("| `%s` | yes | %s | %s |\n"
                            .formatted(
                                    path,
                                    word(table.word(path)),
                                    docker.map(other -> word(other.word(path))).orElse("not yet")));
        }
        sections.forEach((name, rows) ->
                text.append("\n## %s\n\n".formatted(name)).append(HEAD).append(rows));
        return text.toString();
    }

    private static String word(Optional<String> word) {
        return switch (word.orElse("")) {
            case "" -> "refused";
            case "checked" -> "some values";
            case "plan" -> "before";
            case "swarm" -> "Swarm only";
            case "cpu", "cpuset", "memory", "pids" -> "group " + word.orElseThrow();
            default -> word.orElseThrow();
        };
    }
}
