package dev.jcompose.runtime.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BootUnitTest {
    @Test
    void the_unit_runs_what_installed_it_with_its_directories() {
        var unit = new BootUnit(Map.of("JCOMPOSE_STATE_DIR", "/srv/50% \"x\"", "OTHER", "no"), true);

        assertThat(unit.text(List.of("/opt/jdk/bin/java", "-jar", "/opt/a b.jar"))
                        .lines())
                .contains(
                        "Type=oneshot",
                        "KillMode=process",
                        "Environment=\"JCOMPOSE_STATE_DIR=/srv/50%% \\\"x\\\"\"",
                        "ExecStart=\"/opt/jdk/bin/java\" \"-jar\" \"/opt/a b.jar\" \"system\" \"boot\" \"start\"",
                        "WantedBy=multi-user.target")
                .noneMatch(line -> line.contains("OTHER"));
        assertThat(new BootUnit(Map.of(), false).text(List.of("java"))).contains("WantedBy=default.target");
        assertThat(new BootUnit(Map.of(), false).advice())
                .hasValueSatisfying(text -> assertThat(text).contains("enable-linger"));
    }
}
