package dev.jcompose.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sample of the README works as the README says. */
@Timeout(240)
class SampleScenario {
    private static final Path HELLO =
            Path.of("..", "samples", "hello").toAbsolutePath().normalize();

    @Test
    void hello_counts_visits_across_down_and_up() throws Exception {
        int port = Stack.freePort();
        Path env = Path.of("target", "hello-" + port + ".env").toAbsolutePath();
        java.nio.file.Files.writeString(env, "GREETING=Good day\nWEB_PORT=" + port + "\n");
        try (Stack stack = Stack.at(HELLO)) {
            stack.run("--env-file", env.toString(), "up", "-d").succeeds();
            eventuallyShows(port, "Good day\nvisits: ");
            eventuallyShows(port, "squared is");
            long visits = visits(port);

            stack.run("--env-file", env.toString(), "down").succeeds();
            stack.run("--env-file", env.toString(), "up", "-d").succeeds();

            eventuallyShows(port, "visits: ");
            assertThat(visits(port)).isGreaterThan(visits);
        }
    }

    private static void eventuallyShows(int port, String text) throws IOException, InterruptedException {
        Stack.eventually("the page shows \"" + text + "\"", () -> page(port).contains(text));
    }

    private static String page(int port) throws InterruptedException {
        try {
            return Stack.get("http://127.0.0.1:" + port + "/");
        } catch (IOException e) {
            return ""; // not listening yet
        }
    }

    private static long visits(int port) throws InterruptedException {
        String page = page(port);
        int start = page.indexOf("visits: ") + "visits: ".length();
        return Long.parseLong(page.substring(start, page.indexOf('\n', start)));
    }
}
