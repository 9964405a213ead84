package dev.jcompose.runtime.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalsTest {
    @ParameterizedTest
    @CsvSource({"SIGTERM,15", "term,15", "9,9", "HUP,1", "SIGRTMIN,34", "RTMIN+3,37", "SIGRTMAX-1,63", "SIGSYS,31"})
    void a_signal_has_a_number(String name, int number) {
        assertThat(Signals.number(name)).hasValue(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SIG", "0", "65", "SIGNOTHING", "RTMIN+40", "RTMIN3", "-1"})
    void what_is_no_signal_has_none(String name) {
        assertThat(Signals.number(name)).isEmpty();
    }
}
