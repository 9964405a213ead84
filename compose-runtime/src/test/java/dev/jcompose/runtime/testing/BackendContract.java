package dev.jcompose.runtime.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.model.Healthcheck;
import dev.jcompose.model.Mount;
import dev.jcompose.model.Project;
import dev.jcompose.model.RestartPolicy;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.planner.state.ObservedContainer.Health;
import dev.jcompose.planner.state.ObservedContainer.Status;
import dev.jcompose.runtime.Activity.Task;
import dev.jcompose.runtime.Backend;
import dev.jcompose.runtime.ConflictException;
import dev.jcompose.runtime.Copies;
import dev.jcompose.runtime.ExecRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * What every backend does, whatever runs its containers. The image {@code busybox}, the network {@code default} and the volume {@code
 * data} of the project are there before each test.
 */
public interface BackendContract {
    Backend backend();

    /** The project all containers are of; no other test uses it. */
    String project();

    @Test
    default void a_container_runs_to_its_end_and_leaves_its_output_and_exit_code() throws Exception {
        var id = start(new ServiceFixture("job").command("sh", "-c", "echo out; echo err >&2; exit 3"));
        var ended = await(id, container -> container.status() == Status.EXITED);
        assertThat(ended.exitCode()).hasValue(3);
        assertThat(log(id)).containsExactlyInAnyOrder("o out", "e err");
    }

    @Test
    default void services_find_each_other_by_name_and_reach_each_other() throws Exception {
        var first = new ServiceFixture("server").command("sh", "-c", "while true; do echo hello | nc -l -p 80; done");
        var second = new ServiceFixture("client");
        var together = ServiceFixture.project(project(), first.build(), second.build());
        var server = start(first, together);
        var client = start(second.command("sh", "-c", "until nc -w 1 server 80; do sleep 0.05; done"), together);
        assertThat(await(client, container -> container.status() == Status.EXITED)
                        .exitCode())
                .hasValue(0);
        assertThat(log(client)).contains("o hello");
        assertThat(backend().containers().inspect(server).orElseThrow().networks())
                .containsKey(project() + "_default");
    }

    @Test
    default void a_command_runs_in_a_running_container_and_returns_its_code() throws Exception {
        var id = start(new ServiceFixture("web").command("sleep", "1000"));
        assertThat(exec(id, "sh", "-c", "exit 7")).isEqualTo(7);
        assertThat(exec(id, "no-such-command")).isEqualTo(127);
        assertThat(exec(id, "test", "-d", "/proc/1")).isZero();
    }

    @Test
    default void stopping_asks_first_and_a_stopped_container_starts_again() throws Exception {
        var id = start(new ServiceFixture("web")
                .command("sh", "-c", "trap 'echo bye; exit 0' TERM; while :; do sleep 0.1; done"));
        backend().containers().stop(id, Optional.of(Duration.ofSeconds(10)));
        var stopped = backend().containers().inspect(id).orElseThrow();
        assertThat(stopped.status()).isEqualTo(Status.EXITED);
        assertThat(stopped.exitCode()).isEqualTo(OptionalInt.of(0));
        assertThat(log(id)).contains("o bye");
        backend().containers().start(id);
        assertThat(backend().containers().inspect(id).orElseThrow().status()).isEqualTo(Status.RUNNING);
        backend().containers().kill(id, "KILL");
        assertThat(await(id, container -> container.status() == Status.EXITED).exitCode())
                .hasValue(137);
    }

    @Test
    default void a_failing_container_is_restarted_as_often_as_its_policy_says() throws Exception {
        var id = start(new ServiceFixture("job")
                .command("sh", "-c", "echo run; exit 1")
                .restart(new RestartPolicy.OnFailure(2)));
        var ended = await(id, container -> container.status() == Status.EXITED && container.restarts() == 2);
        assertThat(ended.exitCode()).hasValue(1);
        assertThat(log(id)).containsExactly("o run", "o run", "o run");
    }

    @Test
    default void a_healthcheck_decides_between_healthy_and_unhealthy() throws Exception {
        var check = new Healthcheck(
                List.of("CMD-SHELL", "echo looking; test -e /tmp/ready"),
                Optional.of(Duration.ofMillis(50)),
                Optional.empty(),
                OptionalInt.of(2),
                Optional.empty(),
                Optional.empty(),
                false);
        var id = start(new ServiceFixture("web").command("sleep", "1000").healthcheck(check));
        await(id, container -> container.health() == Health.UNHEALTHY);
        assertThat(backend().containers().healthOutput(id)).isEqualTo("looking");
        exec(id, "touch", "/tmp/ready");
        await(id, container -> container.health() == Health.HEALTHY);
    }

    @Test
    default void a_named_volume_takes_over_the_image_files_and_outlives_its_container() throws Exception {
        var mount = new Mount.NamedVolume("data", "/etc", false, false, Optional.empty());
        var first = start(new ServiceFixture("a").mounts(mount).command("sh", "-c", "echo kept > /etc/note; ls /etc"));
        await(first, container -> container.status() == Status.EXITED);
        assertThat(log(first)).contains("o passwd");
        backend().containers().remove(first, true);
        var second = start(new ServiceFixture("b").mounts(mount).command("cat", "/etc/note"));
        await(second, container -> container.status() == Status.EXITED);
        assertThat(log(second)).containsExactly("o kept");
        assertThatThrownBy(() -> backend().volumes().remove(project() + "_data"))
                .hasMessageContaining("is in use");
    }

    @Test
    default void a_container_made_later_does_not_take_the_volume_of_an_earlier_one_away() throws Exception {
        var mount = new Mount.NamedVolume("data", "/mnt", false, false, Optional.empty());
        var first = start(new ServiceFixture("a").mounts(mount).command("sleep", "1000"));
        start(new ServiceFixture("b").mounts(mount).command("sleep", "1000"));
        exec(first, "touch", "/mnt/written");
        var third = start(new ServiceFixture("c").mounts(mount).command("ls", "/mnt"));
        await(third, container -> container.status() == Status.EXITED);
        assertThat(log(third)).containsExactly("o written");
    }

    @Test
    default void removing_a_running_container_ends_it() throws Exception {
        var id = start(new ServiceFixture("web").command("sleep", "1000"));
        int pid = backend().containers().inspect(id).orElseThrow().pid().orElseThrow();
        backend().containers().remove(id, true);
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(backend().containers().inspect(id)).isEmpty();
    }

    default String start(ServiceFixture service) throws InterruptedException {
        return start(service, ServiceFixture.project(project(), service.build()));
    }

    default String start(ServiceFixture service, Project whole) throws InterruptedException {
        var id = backend().containers().create(service.spec(whole, 1));
        backend().containers().start(id);
        return id;
    }

    default int exec(String id, String... command) throws InterruptedException {
        return backend()
                .containers()
                .exec(
                        id,
                        new ExecRequest(
                                List.of(command),
                                List.of(),
                                Optional.empty(),
                                Optional.empty(),
                                false,
                                false,
                                false,
                                false));
    }

    default ObservedContainer await(String id, Predicate<ObservedContainer> wanted) throws InterruptedException {
        var deadline = Instant.now().plusSeconds(30);
        while (Instant.now().isBefore(deadline)) {
            var now = backend().containers().inspect(id).orElseThrow();
            if (wanted.test(now)) {
                return now;
            }
            Thread.sleep(5);
        }
        throw new AssertionError("never came about: " + backend().containers().inspect(id) + "\n" + log(id));
    }

    default List<String> log(String id) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        try (var reader = backend().containers().logs(id)) {
            while (reader.read(Duration.ZERO, line -> lines.add((line.stderr() ? "e " : "o ") + line.text())) > 0) {}
        }
        return lines;
    }

    @Test
    default void a_paused_container_stands_still_until_it_goes_on_or_is_stopped() throws Exception {
        var id = start(
                new ServiceFixture("web").command("sh", "-c", "trap 'exit 4' TERM; while :; do sleep 0.05; done"));
        backend().containers().pause(id);
        assertThat(backend().containers().inspect(id).orElseThrow().status()).isEqualTo(Status.PAUSED);
        assertThatThrownBy(() -> backend().containers().pause(id)).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> exec(id, "true")).isInstanceOf(ConflictException.class);
        backend().containers().unpause(id);
        assertThat(exec(id, "true")).isZero();
        backend().containers().pause(id);
        backend().containers().stop(id, Optional.of(Duration.ofSeconds(10)));
        assertThat(backend().containers().inspect(id).orElseThrow().exitCode()).hasValue(4);
        assertThatThrownBy(() -> backend().containers().unpause(id)).isInstanceOf(ConflictException.class);
    }

    @Test
    default void what_a_container_does_can_be_looked_at() throws Exception {
        var events = backend().activity().events(project());
        var id = start(new ServiceFixture("web").command("sh", "-c", "sleep 1000; true"));
        assertThat(backend().activity().processes(id)).extracting(Task::command).contains("sleep 1000");
        var usage = backend().activity().usage(id).orElseThrow();
        assertThat(usage.memory()).isPositive().isLessThan(usage.memoryLimit());
        backend().containers().stop(id, Optional.of(Duration.ZERO));
        assertThat(backend().activity().processes(id)).isEmpty();
        assertThat(backend().activity().usage(id)).isEmpty();
        backend().containers().remove(id, true);
        List<String> actions = new ArrayList<>();
        events.read(event -> actions.add(event.service() + " " + event.action()));
        assertThat(actions).containsSubsequence("web create", "web start", "web die", "web destroy");
    }

    @Test
    default void files_go_in_and_out_whether_it_runs_or_not() throws Exception {
        var plain = new Copies.Options(false, false);
        var id = start(new ServiceFixture("web").command("sh", "-c", "echo text > /tmp/file; sleep 1000"));
        while (exec(id, "test", "-s", "/tmp/file") != 0) {
            Thread.onSpinWait();
        }
        var running = new ByteArrayOutputStream();
        backend().copies().pack(id, "/tmp/file", running, plain);
        backend().copies().unpack(id, "/mnt", new ByteArrayInputStream(running.toByteArray()), plain);
        assertThat(exec(id, "sh", "-c", "test \"$(cat /mnt/file)\" = text")).isZero();
        backend().containers().stop(id, Optional.of(Duration.ZERO));
        var stopped = new ByteArrayOutputStream();
        backend().copies().pack(id, "/mnt/file", stopped, plain);
        assertThat(stopped.toByteArray()).isEqualTo(running.toByteArray());
    }
}
