package dev.jcompose.model.interpolate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.model.interpolate.Template.Use;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TemplateTest {
    private final List<String> blank = new ArrayList<>();
    private final Variables variables = new Variables() {
        private final Map<String, String> values = Map.of("SET", "s", "EMPTY", "");

        @Override
        public Optional<String> value(String name) {
            return Optional.ofNullable(values.get(name));
        }

        @Override
        public void blank(String name) {
            blank.add(name);
        }
    };

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "$SET.x|s.x",
                "${SET}|s",
                "${EMPTY:-d}|d",
                "${EMPTY-d}|``",
                "${NO-d}|d",
                "${SET:+a}|a",
                "${EMPTY:+a}|``",
                "${EMPTY+a}|a",
                "${NO:-${SET}-${ALSO:-z}}|s-z",
                "$$SET|$SET",
                "a $ b|a $ b",
                "$1|$1",
                "^R$|^R$",
                "${NO:-{\"a\":1}}|{\"a\":1}",
                "${SET:-${BAD?never}}|s"
            })
    void each_operator_does_what_the_specification_says(String text, String filled) throws TemplateException {
        assertThat(Template.substitute(text, variables)).isEqualTo(filled);
    }

    @ParameterizedTest
    @ValueSource(strings = {"${", "${}", "${ SET}", "${SET ", "${SET!}", "${1}", "${SET:}", "${NO:-a\nb}"})
    void a_malformed_variable_is_refused(String text) {
        assertThatThrownBy(() -> Template.substitute(text, variables))
                .hasMessageContaining("invalid interpolation format");
    }

    @Test
    void a_required_variable_that_is_missing_gives_its_reason() {
        assertThatThrownBy(() -> Template.substitute("${NO:?set ${SET} first}", variables))
                .hasMessage("required variable NO is missing a value: set s first");
    }

    @Test
    void only_variables_without_any_fallback_are_reported_as_blank() throws TemplateException {
        Template.substitute("$A ${B} ${C:-} ${D+x} ${EMPTY}", variables);
        assertThat(blank).containsExactly("A", "B");
    }

    @Test
    void endless_nesting_ends_with_a_message() {
        assertThatThrownBy(() -> Template.substitute("${A:-".repeat(5000) + "}".repeat(5000), variables))
                .hasMessageContaining("nested deeper");
    }

    @Test
    void the_uses_of_variables_are_listed_with_their_defaults() {
        assertThat(Template.uses("$A ${B:-x} ${C?} ${D:+y} $$E"))
                .containsExactly(
                        new Use("A", false, "", ""),
                        new Use("B", false, "x", ""),
                        new Use("C", true, "", ""),
                        new Use("D", false, "", "y"));
    }
}
