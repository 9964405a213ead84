package dev.jcompose.model.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.model.syntax.PortSyntax.Port;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SyntaxTest {
    @ParameterizedTest
    @CsvSource({
        "10s, 10s",
        "1m, 1m0s",
        "1.5h, 1h30m0s",
        "500ms, 500ms",
        "100us, 100µs",
        "1d, 24h0m0s",
        "0s, 0s",
        "-1s, -1s"
    })
    void a_duration_prints_in_the_form_config_shows(String text, String printed) throws SyntaxException {
        assertThat(DurationSyntax.print(DurationSyntax.parse(text))).isEqualTo(printed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "10 s", "1S", "s", "1e3s", "10s5", "99999999999999w"})
    void what_is_no_duration_is_refused(String text) {
        assertThatThrownBy(() -> DurationSyntax.parse(text)).isInstanceOf(SyntaxException.class);
    }

    @Test
    void the_units_of_a_duration_add_up() throws SyntaxException {
        assertThat(DurationSyntax.parse("1m30s")).isEqualTo(Duration.ofSeconds(90));
    }

    @ParameterizedTest
    @CsvSource({"1024, 1024", "1b, 1", "64m, 67108864", "1.5g, 1610612736", "1 GB, 1073741824", "1KiB, 1024", "-1, -1"})
    void every_size_unit_is_a_power_of_1024(String text, long bytes) throws SyntaxException {
        assertThat(SizeSyntax.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gb", "1x", "1kbit", "-2", "1..5g", "9999999999p"})
    void what_is_no_size_is_refused(String text) {
        assertThatThrownBy(() -> SizeSyntax.parse(text)).isInstanceOf(SyntaxException.class);
    }

    @Test
    void a_command_line_splits_at_blanks_outside_quotes() throws SyntaxException {
        assertThat(ShellWords.split("sh -c \"echo $X && ls\" 'a b' c\\ d ''"))
                .containsExactly("sh", "-c", "echo $X && ls", "a b", "c d", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a \"b", "a 'b", "a\\", "(a b)", "a $(b"})
    void an_unfinished_command_line_is_refused(String line) {
        assertThatThrownBy(() -> ShellWords.split(line)).isInstanceOf(SyntaxException.class);
    }

    @Test
    void ranges_of_ports_go_together_one_by_one() throws SyntaxException {
        assertThat(PortSyntax.parse("127.0.0.1:9090-9091:80-81/udp"))
                .containsExactly(new Port("127.0.0.1", "9090", 80, "udp"), new Port("127.0.0.1", "9091", 81, "udp"));
    }

    @Test
    void one_target_takes_any_port_of_a_range() throws SyntaxException {
        assertThat(PortSyntax.parse("8000-9000:80")).containsExactly(new Port("", "8000-9000", 80, "tcp"));
    }

    @Test
    void an_ipv6_address_stands_in_brackets() throws SyntaxException {
        assertThat(PortSyntax.parse("[::1]:80:80")).isEqualTo(List.of(new Port("::1", "80", 80, "tcp")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/tcp",
                "65536:80",
                "80:80:80",
                "80:80/foo",
                "3000-3001:80-82",
                "0x50:80",
                "256.1.1.1:80:80",
                "-1:80"
            })
    void what_is_no_port_is_refused(String spec) {
        assertThatThrownBy(() -> PortSyntax.parse(spec)).isInstanceOf(SyntaxException.class);
    }

    @ParameterizedTest
    @CsvSource({"./d:/d, true", "~:/d, true", "/d:/d:ro, true", "name:/d, false", "/anonymous, false", "C:\\x:/d, true"
    })
    void a_volume_source_is_a_path_when_it_looks_like_one(String spec, boolean bind) throws SyntaxException {
        assertThat(VolumeSyntax.parse(spec).isBind()).isEqualTo(bind);
    }

    @Test
    void volume_options_are_read_and_unknown_ones_ignored() throws SyntaxException {
        assertThat(VolumeSyntax.parse("/a:/b:ro,Z,rslave,cached"))
                .isEqualTo(new VolumeSyntax.Volume("/a", "/b", true, false, "rslave", "Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":/d", "/a::ro", "/a:/b:ro:z"})
    void what_is_no_volume_is_refused(String spec) {
        assertThatThrownBy(() -> VolumeSyntax.parse(spec)).isInstanceOf(SyntaxException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"::", "fe80::1%eth0", "::ffff:1.2.3.4", "1:2:3:4:5:6:7:8", "0.0.0.0"})
    void numeric_addresses_are_recognised_without_asking_anyone(String address) {
        assertThat(HostAddress.isNumeric(address)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "1.2.3", "1:2:3", "::1::2", "12345::", "1.2.3.400"})
    void names_and_broken_addresses_are_not_numeric(String address) {
        assertThat(HostAddress.isNumeric(address)).isFalse();
    }
}
