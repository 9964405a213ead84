package dev.jcompose.runtime.linux.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.runtime.BackendException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With relays that stand in for the helper: {@code cat} answers every request with itself. */
@Timeout(30)
class ControlChannelTest {
    @Test
    void many_threads_ask_at_once_and_each_gets_its_answer() throws Exception {
        try (var channel = ControlChannel.open(List.of("cat"));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> questions = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                var id = "container" + i;
                questions.add(() -> channel.ask("start", id).text(2));
            }
            var answers = threads.invokeAll(questions);
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).isEqualTo("container" + i);
            }
        }
    }

    @Test
    void an_error_is_thrown_with_all_it_says() {
        try (var channel = ControlChannel.open(List.of("cat"))) {
            assertThatThrownBy(() -> channel.ask("error", "port-in-use", "listen on", "0.0.0.0:80/tcp", "98", "in use"))
                    .isInstanceOfSatisfying(HelperException.class, e -> {
                        assertThat(e.kind()).isEqualTo("port-in-use");
                        assertThat(e).hasMessage("cannot listen on 0.0.0.0:80/tcp: in use");
                    });
        }
    }

    @Test
    void a_relay_that_ends_is_reported_with_its_last_words() {
        try (var channel =
                ControlChannel.open(List.of("sh", "-c", "echo no kernel for this >&2; head -c 1 > /dev/null"))) {
            assertThatThrownBy(() -> channel.ask("start", "x"))
                    .isInstanceOf(BackendException.class)
                    .hasMessage("lost the connection to the project's supervisor: no kernel for this");
        }
    }

    @Test
    void a_relay_that_cannot_be_run_is_named() {
        assertThatThrownBy(() -> ControlChannel.open(List.of("/no/such/helper")))
                .hasMessageContaining("cannot run /no/such/helper");
    }
}
