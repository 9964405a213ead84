package dev.jcompose.runtime.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {
    @Test
    void without_a_wish_it_is_docker_s_set() {
        assertThat(of(List.of(), List.of()).hex()).isEqualTo("a80425fb");
    }

    @Test
    void wishes_are_added_and_dropped_whatever_their_spelling() {
        assertThat(of(List.of("cap_net_admin"), List.of("CAP_MKNOD", "chown")).hex())
                .isEqualTo("a00435fa");
    }

    @Test
    void all_can_be_dropped_but_for_some_and_added_but_for_some() {
        assertThat(of(List.of("CHOWN"), List.of("ALL")).names()).containsExactly("CHOWN");
        assertThat(of(List.of("ALL"), List.of("BPF")).names())
                .contains("SYS_ADMIN")
                .doesNotContain("BPF");
    }

    @Test
    void privileged_means_everything() {
        assertThat(Capabilities.of(true, List.of(), List.of("ALL"), true).hex()).isEqualTo("1ffffffffff");
    }

    @Test
    void where_devices_cannot_be_told_apart_nodes_cannot_be_made() {
        assertThat(Capabilities.of(false, List.of(), List.of(), false).names()).doesNotContain("MKNOD");
        assertThat(Capabilities.of(false, List.of("MKNOD"), List.of(), false).names())
                .contains("MKNOD");
    }

    private static Capabilities of(List<String> add, List<String> drop) {
        return Capabilities.of(false, add, drop, true);
    }
}
