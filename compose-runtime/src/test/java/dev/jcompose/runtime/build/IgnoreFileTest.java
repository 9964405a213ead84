package dev.jcompose.runtime.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IgnoreFileTest {
    @ParameterizedTest(name = "{0} on {1}: {2}")
    @CsvSource({
        "*.log, a.log, true",
        "*.log, sub/a.log, false",
        "**/*.log, a.log, true",
        "**/*.log, x/y/a.log, true",
        "sub, sub/deep/file, true",
        "/sub, sub/file, true",
        "sub/, sub/file, true",
        "./sub, sub/file, true",
        "sub/../other, other, true",
        "sub, subway, false",
        "su?, sub, true",
        "su?, su/, false",
        "[a-c]x, bx, true",
        "[^a-c]x, bx, false",
        "[^a-c]x, dx, true",
        "a/**/b, a/b, true",
        "a/**/b, a/x/y/b, true",
        "a/**, a/x/y, true",
        "a/**, a, false",
        "**, anything/at/all, true",
        "**/b, xb, false",
        "a.b, aXb, false",
        "a\\*b, a*b, true",
        "a\\*b, axb, false",
        "*, a/b, true",
        "# comment, # comment, false",
        "*|!keep, keep, false",
        "*|!keep, keep/file, false",
        "*|!keep|keep/secret, keep/secret, true",
        "!keep|*, keep, true",
        "docs|!docs/README.md, docs/README.md, false",
        "docs|!docs/README.md, docs/other.md, true",
        "*.md|!README*.md|README-secret.md, README-secret.md, true",
        "*.md|!README*.md|README-secret.md, README-x.md, false",
        "'  spaced  ', spaced, true",
        "., a, false",
        "a+b, a+b, true",
        "a$b(c), a$b(c), true",
    })
    void rules_decide_as_docker_does(String rules, String path, boolean ignored) {
        var file = IgnoreFile.parse(rules.replace('|', '\n'), ".dockerignore");

        assertThat(file.ignores(path)).isEqualTo(ignored);
    }

    @Test
    void a_broken_rule_is_reported_with_its_line() {
        assertThatThrownBy(() -> IgnoreFile.parse("a\n[b\n", ".dockerignore"))
                .isInstanceOf(BuildException.class)
                .hasMessageStartingWith(".dockerignore:2: \"[b\" is not a pattern");
    }
}
