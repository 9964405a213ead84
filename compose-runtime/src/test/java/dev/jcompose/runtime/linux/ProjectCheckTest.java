package dev.jcompose.runtime.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.model.Mount;
import dev.jcompose.model.Project;
import dev.jcompose.model.RestartPolicy;
import dev.jcompose.model.spec.ComposeFile;
import dev.jcompose.runtime.linux.cgroup.CgroupLayout;
import dev.jcompose.runtime.testing.ServiceFixture;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProjectCheckTest {
    private static final CgroupLayout NO_MEMORY =
            new CgroupLayout(Map.of("cpu", Path.of("/cg/cpu")), Optional.empty(), Set.of());

    @Test
    void an_attribute_nobody_acts_on_is_refused_with_its_place() {
        var service = new ServiceFixture("web")
                .attribute("image", 3)
                .attribute("storage_opt", 7)
                .attribute("credential_spec", 9)
                .attribute("credential_spec.file", 9);
        assertThatThrownBy(() -> check(project(service))).hasMessage("""
                        compose.yaml:7:5: services.web.storage_opt: not supported by the native backend yet
                        compose.yaml:9:5: services.web.credential_spec: not supported by the native backend yet""");
    }

    @Test
    void attributes_that_are_honoured_or_say_something_to_others_pass() {
        var service = new ServiceFixture("web");
        for (var path : Set.of(
                "image",
                "build",
                "build.args",
                "build.cache_from",
                "volumes",
                "volumes.*.bind.propagation",
                "ports",
                "ports.*.mode",
                "deploy",
                "deploy.replicas",
                "deploy.update_config.order",
                "deploy.resources.limits.cpus",
                "healthcheck",
                "healthcheck.start_interval",
                "networks",
                "networks.*.aliases",
                "labels",
                "annotations",
                "expose",
                "profiles",
                "depends_on",
                "depends_on.*.condition",
                "develop.watch",
                "pull_policy",
                "cpus",
                "logging.options")) {
            service.attribute(path, 4);
        }
        assertThatCode(() -> check(project(service))).doesNotThrowAnyException();
    }

    @Test
    void a_limit_without_its_control_group_is_refused() {
        var service = new ServiceFixture("web").attribute("mem_limit", 5).memory(1 << 20);
        assertThatThrownBy(() -> check(project(service)))
                .hasMessageContaining(
                        "compose.yaml:5:5: services.web.mem_limit: this machine has no \"memory\" control group");
    }

    @Test
    void values_we_do_not_know_are_refused() {
        var service = new ServiceFixture("web")
                .attribute("security_opt", 2)
                .attribute("cap_drop", 3)
                .attribute("network_mode", 4)
                .attribute("volumes", 6)
                .securityOpt("seccomp=profile.json", "apparmor=unconfined")
                .capDrop("NET_FLY", "CAP_CHOWN")
                .networkMode("bridge")
                .mounts(new Mount.Other("npipe", "a", "b", false));
        assertThatThrownBy(() -> check(project(service))).hasMessage("""
                        compose.yaml:4:5: services.web.network_mode: "bridge" is not supported by the native backend; it knows host, none, service:NAME and container:NAME
                        compose.yaml:3:5: services.web.cap_drop: "NET_FLY" is not known
                        compose.yaml:2:5: services.web.security_opt: "seccomp=profile.json" cannot be read: /srv/shop/profile.json does not exist
                        compose.yaml:6:5: services.web.volumes: "type npipe" is not supported by the native backend yet""");
    }

    @Test
    void what_lies_in_the_items_of_a_refused_list_is_not_reported_again() {
        var service = new ServiceFixture("web")
                .attribute("build", 3)
                .attribute("build.sbom", 4)
                .attribute("volumes", 5)
                .attribute("volumes.*.volume.labels", 6)
                .attribute("credential_spec", 7)
                .attribute("credential_spec.file", 8)
                .attribute("x-others", 9)
                .attribute("healthcheck.x-others.more", 9);
        assertThatThrownBy(() -> check(project(service))).hasMessage("""
                        compose.yaml:4:5: services.web.build.sbom: not supported by the native backend yet
                        compose.yaml:7:5: services.web.credential_spec: not supported by the native backend yet""");
    }

    @Test
    void settings_of_a_network_that_a_service_does_not_have_are_refused() {
        var service = new ServiceFixture("web")
                .attribute("ports", 3)
                .attribute("extra_hosts", 4)
                .port("80", 80)
                .extraHost("db", "10.0.0.1")
                .networkMode("service:other");
        assertThatThrownBy(() -> check(project(service))).hasMessage("""
                        compose.yaml:3:5: services.web.ports: has no effect with network_mode "service:other"; remove one of them
                        compose.yaml:4:5: services.web.extra_hosts: has no effect with network_mode "service:other"; remove one of them""");
        assertThatThrownBy(() ->
                        check(project(new ServiceFixture("web").port("80", 80).networkMode("none"))))
                .hasMessageContaining("ports: has no effect with network_mode \"none\"");
        assertThatCode(() ->
                        check(project(new ServiceFixture("web").port("80", 80).networkMode("host"))))
                .doesNotThrowAnyException();
    }

    @Test
    void kernel_settings_of_namespaces_shared_with_the_host_are_refused() {
        var service = new ServiceFixture("web")
                .attribute("sysctls", 3)
                .networkMode("host")
                .ipc("host")
                .sysctls("net.ipv4.ip_forward", "kernel/shmmax", "kernel.domainname");
        assertThatThrownBy(() -> check(project(service))).hasMessage("""
                        compose.yaml:3:5: services.web.sysctls: "net.ipv4.ip_forward" would change the host because of network_mode: host; remove one of them
                        compose.yaml:3:5: services.web.sysctls: "kernel.shmmax" would change the host because of ipc: host; remove one of them""");
    }

    @Test
    void shared_memory_of_another_container_is_refused() {
        assertThatThrownBy(() -> check(project(new ServiceFixture("web").ipc("service:db"))))
                .hasMessageContaining("services.web.ipc: \"service:db\" is not supported by the native backend");
    }

    @Test
    void a_restart_policy_nobody_knows_is_refused_with_the_nearest_word() {
        var service = new ServiceFixture("web").attribute("restart", 8).restart(new RestartPolicy.Other("alway"));
        assertThatThrownBy(() -> check(project(service)))
                .hasMessageStartingWith(
                        "compose.yaml:8:5: services.web.restart: \"alway\" is not known (did you mean \"always\"?)");
    }

    @Test
    void names_that_would_leave_their_directory_are_refused() {
        var service = new ServiceFixture("web")
                .mounts(new Mount.NamedVolume("data", "/data", false, false, Optional.empty()));
        assertThatThrownBy(() -> check(ServiceFixture.project("../../etc/x", service.build())))
                .hasMessageContaining("volumes.data.name: \"../../etc/x_data\" is not a valid name");
    }

    @Test
    void every_line_of_the_table_is_an_attribute_and_a_word() {
        var table = AttributeTable.read();
        assertThat(table.honours("services.*.image")).isTrue();
        assertThat(table.honours("services.*.build.args")).isTrue();
        assertThat(table.honours("services.*.build.sbom")).isFalse();
        assertThat(table.honours("services.*.volumes.*.bind.recursive")).isTrue();
        assertThat(table.honours("services.*.healthcheck.unknown")).isFalse();
        assertThat(table.controller("services.*.deploy.resources.limits.memory"))
                .contains("memory");
        assertThat(table.controller("services.*.image")).isEmpty();
        assertThat(table.honours("networks.*.ipam.options")).isFalse();
        assertThat(ComposeFile.attributes())
                .containsAll(table.entries().keySet().stream()
                        .filter(path -> !path.contains("x-jcompose"))
                        .map(path -> path.replaceAll("(\\.\\*)+$", ""))
                        .toList());
    }

    private static Project project(ServiceFixture service) {
        return ServiceFixture.project("shop", service.build());
    }

    private static void check(Project project) {
        new ProjectCheck(AttributeTable.read(), NO_MEMORY).check(project);
    }
}
