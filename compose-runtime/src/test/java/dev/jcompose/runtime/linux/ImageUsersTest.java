package dev.jcompose.runtime.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ImageUsersTest {
    private static final Map<String, String> FILES = Map.of(
            "/etc/passwd",
            "root:x:0:0:root:/root:/bin/sh\nweb:x:33:34:Web:/srv:/bin/sh\nbroken:x:one\n1000:x:5:6::/odd:/bin/sh\n",
            "/etc/group",
            "root:x:0:\nwww:x:34:\naudio:x:29:web,root\nvideo:x:44:web\n");

    private final ImageUsers users = new ImageUsers(path -> Optional.ofNullable(FILES.get(path)));

    @Test
    void a_name_brings_its_group_its_further_groups_and_its_home() {
        assertThat(users.resolve("web", List.of())).isEqualTo(new Identity(33, 34, List.of(29L, 44L), "/srv"));
    }

    @Test
    void a_number_of_a_known_user_is_that_user() {
        assertThat(users.resolve("33", List.of())).isEqualTo(users.resolve("web", List.of()));
    }

    @Test
    void a_number_nobody_has_runs_with_group_root_and_no_home() {
        assertThat(users.resolve("4711", List.of())).isEqualTo(new Identity(4711, 0, List.of(), "/"));
    }

    @Test
    void a_group_given_replaces_all_groups() {
        assertThat(users.resolve("web:audio", List.of())).isEqualTo(new Identity(33, 29, List.of(), "/srv"));
        assertThat(users.resolve("web:7", List.of())).isEqualTo(new Identity(33, 7, List.of(), "/srv"));
    }

    @Test
    void a_name_that_looks_like_a_number_is_a_name() {
        assertThat(users.resolve("1000", List.of()).uid()).isEqualTo(5);
    }

    @Test
    void nothing_said_is_root() {
        assertThat(users.resolve("", List.of("video", "99")))
                .isEqualTo(new Identity(0, 0, List.of(29L, 44L, 99L), "/root"));
    }

    @Test
    void who_is_not_there_is_named() {
        assertThatThrownBy(() -> users.resolve("nobody", List.of())).hasMessageContaining("no user \"nobody\"");
        assertThatThrownBy(() -> users.resolve("web", List.of("wheel"))).hasMessageContaining("no group \"wheel\"");
        assertThatThrownBy(() -> users.resolve("4294967295", List.of())).hasMessageContaining("no user");
    }

    @Test
    void an_image_cannot_make_root_of_a_number_too_large() {
        var hostile = new ImageUsers(path -> Optional.of("app:x:4294967296:4294967295:::\nbig:x:4294967295:0:::\n"));
        for (var name : List.of("app", "big", "4294967296", "4294967295", "0:4294967295", "-1", "+1", "0x0")) {
            assertThatThrownBy(() -> hostile.resolve(name, List.of())).as(name).hasMessageContaining("no ");
        }
    }

    @Test
    void an_image_without_the_files_has_numbers_only() {
        var none = new ImageUsers(path -> Optional.empty());
        assertThat(none.resolve("12:13", List.of())).isEqualTo(new Identity(12, 13, List.of(), "/"));
    }
}
