package dev.jcompose.runtime.linux.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.model.Security;
import dev.jcompose.model.Security.Accelerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceSpecsTest {
    @TempDir
    Path directory;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(directory.resolve("vendor.yaml"), """
                cdiVersion: 0.6.0
                kind: vendor.com/gpu
                containerEdits: {env: [VENDOR=1]}
                devices:
                  - {name: "0", containerEdits: {deviceNodes: [{path: /dev/gpu0, hostPath: /dev/null}]}}
                  - {name: all, containerEdits: {mounts: [{hostPath: /usr/lib/x, containerPath: /lib/x, options: [ro, bind]}]}}
                """);
        Files.writeString(directory.resolve("other.json"), """
                {"kind": "other.org/nic", "devices": [{"name": "a", "containerEdits": {"additionalGids": [7]}}]}""");
    }

    @Test
    void a_device_is_found_by_its_name() {
        var edits = specs().edits(security(List.of("vendor.com/gpu=0:vendor.com/gpu=0:rwm", "other.org/nic=a")));
        assertThat(edits.environment()).containsExactly("VENDOR=1");
        assertThat(edits.nodes()).containsExactly(new ContainerEdits.DeviceNode("/dev/null", "/dev/gpu0", "rwm"));
        assertThat(edits.groups()).containsExactly("7");
    }

    @Test
    void all_devices_of_a_capability_are_the_one_that_stands_for_all() {
        var edits =
                specs().edits(security(List.of(), new Accelerator(Optional.empty(), -1, List.of(), List.of("gpu"))));
        assertThat(edits.mounts())
                .containsExactly(new ContainerEdits.HostMount("/usr/lib/x", "/lib/x", List.of("ro", "bind")));
    }

    @Test
    void what_is_not_described_is_named_with_the_places_searched() {
        assertThatThrownBy(() -> specs().edits(security(List.of("vendor.com/gpu=9"))))
                .hasMessage("device \"vendor.com/gpu=9\" is not described in " + directory);
        assertThatThrownBy(() -> specs().edits(security(
                        List.of(), new Accelerator(Optional.of("nvidia"), 1, List.of(), List.of("gpu")))))
                .hasMessageContaining("no device of nvidia with capabilities gpu is described in " + directory);
    }

    private DeviceSpecs specs() {
        return DeviceSpecs.in(List.of(directory));
    }

    private static Security security(List<String> devices, Accelerator... accelerators) {
        return new Security(
                false,
                List.of(),
                List.of(),
                List.of(),
                new LinkedHashMap<>(),
                devices,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(accelerators),
                Optional.empty());
    }
}
