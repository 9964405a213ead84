package dev.jcompose.runtime.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerfileParserTest {
    private static Dockerfile parse(String text) {
        return DockerfileParser.parse(text, "Dockerfile");
    }

    private static Instruction only(String line) {
        return parse("FROM scratch\n" + line).stages().getFirst().instructions().getFirst();
    }

    @Test
    void stages_arguments_and_places_are_kept() {
        var file = parse("""
                # syntax=docker/dockerfile:1
                ARG V=1

                FROM --platform=linux/amd64 base:$V AS Build
                # a comment
                ENV A=1
                from scratch
                copy --from=build /a \\
                # comment inside
                     /b
                """);

        assertThat(file.globalArgs().getFirst().defaults()).containsEntry("V", Optional.of("1"));
        assertThat(file.stages()).hasSize(2);
        var from = file.stages().getFirst().from();
        assertThat(from.image()).isEqualTo("base:$V");
        assertThat(from.stage()).contains("build");
        assertThat(from.platform()).contains("linux/amd64");
        var copy = (Instruction.Copy) file.stages().get(1).instructions().getFirst();
        assertThat(copy.place()).hasToString("Dockerfile:8");
        assertThat(copy.flag("from")).contains("build");
        assertThat(copy.sources()).containsExactly("/a");
        assertThat(copy.target()).isEqualTo("/b");
        assertThat(copy.text()).isEqualTo("COPY --from=build /a /b");
    }

    @Test
    void the_escape_directive_changes_what_joins_lines() {
        var file = parse("# escape=`\nFROM scratch\nENV A=c:\\ `\n  B=2\n");

        var env = (Instruction.Env) file.stages().getFirst().instructions().getFirst();
        assertThat(env.values()).containsEntry("A", "c:\\").containsEntry("B", "2");
        assertThat(file.escape()).isEqualTo('`');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ENV a=1 b=\"x y\" c='z' d=e\\ f | {a=1, b=\"x y\", c='z', d=e\\ f}",
                "ENV name some value here | {name=some value here}",
                "ENV a= | {a=}",
                "ENV a=b=c | {a=b=c}",
            })
    void env_has_two_forms(String line, String values) {
        assertThat(((Instruction.Env) only(line)).values()).hasToString(values);
    }

    @Test
    void commands_have_a_json_and_a_shell_form() {
        assertThat(((Instruction.Cmd) only("CMD [\"a\", \"b c\"]")).command())
                .isEqualTo(new Command.Exec(List.of("a", "b c")));
        assertThat(((Instruction.Cmd) only("CMD echo \"hi\" && x")).command())
                .isEqualTo(new Command.Shell("echo \"hi\" && x"));
        assertThat(((Instruction.Entrypoint) only("ENTRYPOINT ['single']")).command())
                .isEqualTo(new Command.Shell("['single']"));
        assertThat(((Instruction.Cmd) only("CMD []")).command()).isEqualTo(new Command.Exec(List.of()));
    }

    @Test
    void copy_takes_json_and_several_sources() {
        var copy = (Instruction.Copy) only("COPY --chown=1:2 --exclude=*.md --exclude=b [\"a b\", \"c\", \"/d e/\"]");

        assertThat(copy.sources()).containsExactly("a b", "c");
        assertThat(copy.target()).isEqualTo("/d e/");
        assertThat(copy.flag("chown")).contains("1:2");
        assertThat(copy.excludes()).containsExactly("*.md", "b");
    }

    @Test
    void here_documents_end_at_their_word() {
        var file = parse("FROM scratch\nCOPY <<a.txt <<-'B' /dir/\nx $V\na.txt\n\ty\n\tB\nENV A=1\n");

        var copy = (Instruction.Copy) file.stages().getFirst().instructions().getFirst();
        assertThat(copy.heredocs())
                .containsExactly(new Heredoc("a.txt", "x $V\n", true), new Heredoc("B", "y\n", false));
        assertThat(copy.sources()).isEmpty();
        assertThat(file.stages().getFirst().instructions().get(1).place()).hasToString("Dockerfile:7");
    }

    @Test
    void a_healthcheck_keeps_its_times() {
        var health = (Instruction.Health) only("HEALTHCHECK --interval=1m30s --timeout=500ms --retries=2 CMD curl x");

        assertThat(health.check().test()).containsExactly("CMD-SHELL", "curl x");
        assertThat(health.check().interval()).contains(Duration.ofSeconds(90));
        assertThat(health.check().timeout()).contains(Duration.ofMillis(500));
        assertThat(health.check().retries()).hasValue(2);
        assertThat(((Instruction.Health) only("HEALTHCHECK NONE")).check().disabled())
                .isTrue();
    }

    @Test
    void run_keeps_its_flags_and_text() {
        var run = (Instruction.Run) only("RUN --mount=type=cache,target=/c --network=none make \\\n  all");

        assertThat(run.mounts()).containsExactly("type=cache,target=/c");
        assertThat(run.network()).contains("none");
        assertThat(run.command()).isEqualTo(new Command.Shell("make   all"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "COPY a | Dockerfile:2: COPY needs a source and a destination",
                "COPY --form=x a b | Dockerfile:2: unknown flag --form",
                "FORM x | Dockerfile:2: unknown instruction: FORM",
                "ENV | Dockerfile:2: ENV needs an argument",
                "ENV a | Dockerfile:2: \"a\" needs a value",
                "ENV a=1 b | Dockerfile:2: \"b\" is not name=value",
                "FROM a b | Dockerfile:2: FROM takes one image",
                "FROM a AS 1x | Dockerfile:2: \"1x\" is not a name for a stage",
                "SHELL bash | Dockerfile:2: SHELL needs the form",
                "HEALTHCHECK --interval=5 CMD x | Dockerfile:2: --interval=5 is not a duration",
                "HEALTHCHECK maybe | Dockerfile:2: HEALTHCHECK needs NONE or CMD",
                "CMD [\"a\", 1] | Dockerfile:2: only texts may stand in",
                "COPY <<E /a | Dockerfile:2: here-document \"E\" has no end",
                "ARG 1a | Dockerfile:2: \"1a\" is not a name",
            })
    void mistakes_are_named_with_their_line(String line, String message) {
        assertThatThrownBy(() -> only(line)).isInstanceOf(BuildException.class).hasMessageStartingWith(message);
    }

    @Test
    void nothing_but_arg_stands_before_from() {
        assertThatThrownBy(() -> parse("ENV a=1\nFROM x")).hasMessageStartingWith("Dockerfile:1: ENV before FROM");
        assertThatThrownBy(() -> parse("# nothing\n")).hasMessageStartingWith("Dockerfile:1: no FROM instruction");
    }
}
