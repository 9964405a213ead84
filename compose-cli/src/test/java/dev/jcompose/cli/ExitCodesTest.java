package dev.jcompose.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jcompose.model.problem.ComposeException;
import dev.jcompose.runtime.ContainerFailedException;
import org.junit.jupiter.api.Test;

class ExitCodesTest {
    @Test
    void whatever_fails_ends_with_one_even_a_command_that_is_not_in_the_image() {
        assertThat(ExitCodes.of(new ComposeException("no"))).isEqualTo(1);
        assertThat(ExitCodes.of(new ContainerFailedException("no such command", 127)))
                .isEqualTo(1);
    }

    @Test
    void an_interrupt_ends_as_shells_expect() {
        assertThat(ExitCodes.of(new InterruptedException())).isEqualTo(130);
    }
}
