package dev.jcompose.cli;

import static dev.jcompose.cli.ObservedBackend.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jcompose.planner.state.ObservedContainer.Health;
import dev.jcompose.planner.state.ObservedContainer.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that look at a project and change nothing. */
class LookingTest {
    private static final ObservedBackend SHOP = new ObservedBackend(List.of(
            container("web", 1, Status.RUNNING, Health.HEALTHY),
            container("db", 1, Status.EXITED, Health.NONE),
            container("old", 1, Status.RUNNING, Health.NONE)));

    @TempDir
    private Path directory;

    @BeforeEach
    void writeProject() throws Exception {
        Files.writeString(directory.resolve("compose.yaml"), """
                name: shop
                services:
                  web: {image: web, depends_on: [db]}
                  db: {image: db}
                """);
    }

    @Test
    void ps_shows_what_runs_in_dockers_columns() {
        var lines = run("ps").out().lines().toList();

        assertThat(lines.getFirst()).matches("NAME +IMAGE +COMMAND +SERVICE +CREATED +STATUS +PORTS");
        assertThat(lines).hasSize(3);
        assertThat(lines.get(2))
                .matches("shop-web-1   shop-web   \"/docker-entrypoint.…\"   web       .* ago +Up .* \\(healthy\\) +"
                        + "0\\.0\\.0\\.0:8080->80/tcp, 443/tcp");
    }

    @Test
    void ps_finds_containers_by_state_service_and_declaration() {
        assertThat(names("ps", "-a", "--services")).containsExactly("db", "old", "web");
        assertThat(names("ps", "--status", "exited", "--services")).containsExactly("db");
        assertThat(names("ps", "--filter", "status=running", "--services")).containsExactly("old", "web");
        assertThat(names("ps", "--orphans=false", "--services")).containsExactly("web");
        assertThat(names("ps", "-q", "web")).containsExactly("1".repeat(64));
    }

    @Test
    void ps_json_has_one_object_per_line_with_docker_composes_keys() {
        assertThat(run("ps", "--format", "json", "web").out())
                .startsWith(
                        "{\"Command\":\"\\\"/docker-entrypoint.…\\\"\",\"CreatedAt\":\"2026-01-02 03:04:05 +0000 UTC\",")
                .contains("\"ExitCode\":0,\"Health\":\"healthy\",\"ID\":\"111111111111\"")
                .contains(
                        "\"Publishers\":[{\"URL\":\"0.0.0.0\",\"TargetPort\":80,\"PublishedPort\":8080,\"Protocol\":\"tcp\"}")
                .contains("\"Service\":\"web\"", "\"State\":\"running\"")
                .hasLineCount(1);
    }

    @Test
    void a_service_nobody_knows_is_refused_with_the_nearest_one() {
        var run = run("ps", "wbe");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("no such service: wbe (did you mean \"web\"?)\n");
    }

    @Test
    void a_project_known_by_name_needs_no_file() throws Exception {
        Files.delete(directory.resolve("compose.yaml"));

        assertThat(names("-p", "shop", "ps", "--services")).containsExactly("old", "web");
        assertThat(run("-p", "shop", "--dry-run", "down").out())
                .contains("DRY-RUN MODE -  Container shop-web-1  Stopping");
    }

    @Test
    void ls_counts_containers_by_state() {
        assertThat(run("ls").out().lines().toList())
                .containsExactly(
                        "NAME      STATUS                  CONFIG FILES",
                        "shop      exited(1), running(2)   /shop/compose.yaml");
        assertThat(run("ls", "--format", "json").out())
                .isEqualTo(
                        "[{\"Name\":\"shop\",\"Status\":\"exited(1), running(2)\",\"ConfigFiles\":\"/shop/compose.yaml\"}]\n");
    }

    @Test
    void port_tells_the_host_address() {
        assertThat(run("port", "web", "80").out()).isEqualTo("0.0.0.0:8080\n");
        assertThat(run("port", "web", "81").err()).isEqualTo("no port 81/tcp for service \"web\" is published\n");
    }

    @Test
    void a_dry_run_prints_the_plan_and_changes_nothing() {
        var run = run("down", "--dry-run");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("DRY-RUN MODE -  Container shop-web-1  Stopping", "shop-web-1  Removing");
    }

    @Test
    void exec_in_a_service_that_does_not_run_says_so() {
        assertThat(run("exec", "db", "ls").err()).isEqualTo("service \"db\" is not running\n");
    }

    private List<String> names(String... words) {
        return run(words).out().lines().toList();
    }

    private Invocation run(String... words) {
        return Invocation.on(SHOP, directory, words);
    }
}
