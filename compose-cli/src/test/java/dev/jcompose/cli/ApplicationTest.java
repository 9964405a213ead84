package dev.jcompose.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApplicationTest {
    @Test
    void version_prints_the_version_of_the_build() {
        assertThat(Invocation.of("version", "--short").out())
                .isEqualToIgnoringNewLines(System.getProperty("project.version"));
        assertThat(Invocation.of("--version")).isEqualTo(Invocation.of("version"));
        assertThat(Invocation.of("version", "-f", "json").out()).startsWith("{\"version\":\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "help", "--help", "-h"})
    void help_lists_every_command(String words) {
        var help = Invocation.of(words.isEmpty() ? new String[0] : new String[] {words});

        assertThat(help.code()).isZero();
        assertThat(help.out())
                .contains(
                        Stream.of(CommandName.values()).map(CommandName::words).toList());
    }

    @ParameterizedTest
    @EnumSource
    void every_command_has_help_of_its_own(CommandName name) {
        var words = name.words().split(" ", -1);

        var before =
                Invocation.of(Stream.concat(Stream.of("help"), Stream.of(words)).toArray(String[]::new));
        var after = Invocation.of(
                Stream.concat(Stream.of(words), Stream.of("--help")).toArray(String[]::new));

        assertThat(after.code()).isZero();
        assertThat(after.out()).startsWith("Usage:  jcompose " + name.words() + " [OPTIONS]");
        assertThat(before).isEqualTo(after);
    }

    @Test
    void an_unknown_command_names_the_nearest_one() {
        var run = Invocation.of("upp");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("unknown command: upp (did you mean \"up\"?)\nsee jcompose --help\n");
    }

    @Test
    void an_unknown_flag_names_the_nearest_one() {
        assertThat(Invocation.of("version", "--shrt=true").err())
                .isEqualTo("unknown flag: --shrt (did you mean \"--short\"?)\nsee jcompose version --help\n");
        assertThat(Invocation.of("--profle", "x", "up").err())
                .isEqualTo("unknown flag: --profle (did you mean \"--profile\"?)\nsee jcompose --help\n");
    }

    @Test
    void nothing_is_said_about_a_flag_that_resembles_none() {
        assertThat(Invocation.of("version", "--zzzzzzz").err()).startsWith("unknown flag: --zzzzzzz\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exec web ls", "image rm box", "image load -", "image import box.tar box"})
    void a_dry_run_is_refused_by_what_has_no_plan_to_show(String words) {
        var before = Invocation.of(("--dry-run " + words).split(" "));
        var after = Invocation.of(
                words.replaceFirst("exec|(rm|load|import)", "$0 --dry-run").split(" "));

        assertThat(before.code()).isEqualTo(1);
        assertThat(before.err()).endsWith(" has no --dry-run: it cannot be shown without being done\n");
        assertThat(after).isEqualTo(before);
    }
}
