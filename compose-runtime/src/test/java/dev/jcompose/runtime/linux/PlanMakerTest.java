package dev.jcompose.runtime.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.model.Healthcheck;
import dev.jcompose.model.Mount;
import dev.jcompose.model.RestartPolicy;
import dev.jcompose.runtime.linux.cdi.ContainerEdits;
import dev.jcompose.runtime.linux.cgroup.CgroupLayout;
import dev.jcompose.runtime.linux.image.ImageStore;
import dev.jcompose.runtime.linux.image.StoredImage;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import dev.jcompose.runtime.linux.network.NetworkStore;
import dev.jcompose.runtime.linux.seccomp.SeccompPrograms;
import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.linux.shim.NativeLayout;
import dev.jcompose.runtime.oci.Digest;
import dev.jcompose.runtime.oci.ImageConfig;
import dev.jcompose.runtime.testing.ServiceFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanMakerTest {
    private static final String ID = "0123456789ab".repeat(6).substring(0, 64);
    private static final CgroupLayout HYBRID = new CgroupLayout(
            Map.of("memory", Path.of("/cg/memory"), "devices", Path.of("/cg/devices")),
            Optional.of(Path.of("/cg/unified")),
            Set.of());

    @TempDir
    Path directory;

    private NativeLayout layout = new NativeLayout(Path.of("/"), Path.of("/"));
    private ImageConfig config = ImageConfig.EMPTY;

    @BeforeEach
    void makeImage() throws IOException {
        layout = new NativeLayout(directory.resolve("state"), directory.resolve("run"));
        var etc = Files.createDirectories(directory.resolve("layers/aaa/diff/etc"));
        Files.writeString(etc.resolve("passwd"), "root:x:0:0::/root:/bin/sh\nweb:x:33:34::/srv:/bin/sh\n");
        Files.writeString(etc.resolve("group"), "www:x:34:\naudio:x:29:web,root\n");
        Files.createDirectories(directory.resolve("layers/bbb/diff"));
        config = config(List.of("PATH=/bin", "LANG=C", "GONE=1"), List.of("/entry"), List.of("serve"));
        new NetworkStore(layout.networks())
                .create("shop", ServiceFixture.networkConfig("shop_default", ServiceFixture.pool("10.9.0.0/24")));
        new VolumeStore(layout.volumes()).create("shop", ServiceFixture.volume("shop_data"));
    }

    private static ImageConfig config(List<String> env, List<String> entrypoint, List<String> cmd) {
        return new ImageConfig(
                env,
                entrypoint,
                cmd,
                "web",
                "srv",
                List.of("80/tcp"),
                List.of(),
                new LinkedHashMap<>(),
                Optional.of("SIGQUIT"),
                Optional.empty(),
                List.of(),
                List.of());
    }

    @Test
    void a_service_becomes_a_whole_plan() {
        var service = new ServiceFixture("web")
                .environment("MODE", "prod")
                .withoutVariable("GONE")
                .network("default", "www")
                .port("8080", 80)
                .memory(64 << 20)
                .restart(new RestartPolicy.OnFailure(3))
                .healthcheck(check("CMD-SHELL", "wget -q localhost"))
                .mounts(
                        new Mount.NamedVolume("data", "/data", true, false, Optional.empty()),
                        new Mount.Tmpfs("/tmp", false, OptionalLong.of(1024), OptionalInt.empty(), ""));

        assertThat(dump(plan(service))).isEqualTo("""
                        plan 1
                        id %s
                        name shop-web-1
                        project shop
                        x-service web
                        x-number 1
                        x-config-hash hash-of-web
                        x-image busybox sha256:%s
                        x-created 1700000000000000007
                        x-expose 80/tcp
                        rootfs DIR/layers DIR/state/projects/shop/0123456789ab/upper DIR/state/projects/shop/0123456789ab/work DIR/state/projects/shop/0123456789ab/merged
                        layer bbb/diff
                        layer aaa/diff
                        hostname 0123456789ab
                        arg /entry
                        arg serve
                        env PATH=/bin
                        env HOSTNAME=0123456789ab
                        env LANG=C
                        env MODE=prod
                        env HOME=/srv
                        cwd /srv
                        user 33 34
                        group 29
                        mount proc proc /proc nosuid,nodev,noexec ""
                        mount tmpfs tmpfs /dev nosuid mode=755,size=65536k
                        mount devpts devpts /dev/pts nosuid,noexec newinstance,ptmxmode=0666,mode=0620,gid=5
                        mount sysfs sysfs /sys ro,nosuid,nodev,noexec ""
                        mount cgroup cgroup /sys/fs/cgroup ro,nosuid,nodev,noexec ""
                        mount mqueue mqueue /dev/mqueue nosuid,nodev,noexec ""
                        mount tmpfs tmpfs /dev/shm nosuid,nodev,noexec mode=1777,size=67108864
                        x-volume shop_data /data
                        mount volume DIR/state/volumes/shop_data/_data /data ro,rprivate,recursive ""
                        mount tmpfs tmpfs /tmp nosuid,nodev,noexec size=1024,mode=1777
                        device /dev/null c 1 3 666 0 0
                        device /dev/zero c 1 5 666 0 0
                        device /dev/full c 1 7 666 0 0
                        device /dev/random c 1 8 666 0 0
                        device /dev/urandom c 1 9 666 0 0
                        device /dev/tty c 5 0 666 0 0
                        link /dev/fd /proc/self/fd
                        link /dev/stdin /proc/self/fd/0
                        link /dev/stdout /proc/self/fd/1
                        link /dev/stderr /proc/self/fd/2
                        link /dev/core /proc/kcore
                        link /dev/ptmx pts/ptmx
                        caps a80425fb a80425fb 0
                        mask /proc/acpi
                        mask /proc/asound
                        mask /proc/interrupts
                        mask /proc/kcore
                        mask /proc/keys
                        mask /proc/latency_stats
                        mask /proc/sched_debug
                        mask /proc/scsi
                        mask /proc/timer_list
                        mask /proc/timer_stats
                        mask /sys/devices/virtual/powercap
                        mask /sys/firmware
                        protect /proc/bus
                        protect /proc/fs
                        protect /proc/irq
                        protect /proc/sys
                        protect /proc/sysrq-trigger
                        seccomp BYTES
                        cgroup unified /cg/unified/jcompose/shop/0123456789ab
                        cgroup memory /cg/memory/jcompose/shop/0123456789ab
                        cgroup devices /cg/devices/jcompose/shop/0123456789ab
                        cgroup-set memory memory.limit_in_bytes 67108864 1
                        cgroup-set memory memory.memsw.limit_in_bytes 134217728 0
                        device-rule "c *:* m"
                        device-rule "b *:* m"
                        device-rule "c 1:3 rwm"
                        device-rule "c 1:5 rwm"
                        device-rule "c 1:7 rwm"
                        device-rule "c 1:8 rwm"
                        device-rule "c 1:9 rwm"
                        device-rule "c 5:0 rwm"
                        device-rule "c 5:1 rwm"
                        device-rule "c 5:2 rwm"
                        device-rule "c 136:* rwm"
                        restart on-failure 3
                        stop 3 10000
                        health 1500 30000 3 0 5000
                        health-arg /bin/sh
                        health-arg -c
                        health-arg "wget -q localhost"
                        net shop_default BRIDGE 10.9.0.1/24 10.9.0.2/24 02:42:0a:09:00:02 eth0 1 0
                        net-name shop_default shop-web-1
                        net-name shop_default 0123456789ab
                        net-name shop_default web
                        net-name shop_default www
                        file /etc/hosts BYTES
                        file /etc/hostname BYTES
                        file /etc/resolv.conf BYTES
                        port 127.0.0.1 8080 80 tcp
                        end 105""".formatted(ID, "c".repeat(64)));
    }

    @Test
    void a_command_keeps_the_entrypoint_and_an_entrypoint_drops_the_command() {
        assertThat(plan(new ServiceFixture("web").command("a", "b")).texts("arg"))
                .containsExactly("/entry", "a", "b");
        assertThat(plan(new ServiceFixture("web").entrypoint("own")).texts("arg"))
                .containsExactly("own");
        assertThat(plan(new ServiceFixture("web").entrypoint("own").command("x"))
                        .texts("arg"))
                .containsExactly("own", "x");
        assertThat(plan(new ServiceFixture("web").command()).texts("arg")).containsExactly("/entry");
    }

    @Test
    void an_image_without_a_command_needs_one() {
        config = config(List.of(), List.of(), List.of());
        assertThatThrownBy(() -> plan(new ServiceFixture("web")))
                .hasMessage("cannot create container shop-web-1: no command: image \"busybox\" has none; set command or"
                        + " entrypoint");
    }

    @Test
    void the_name_server_and_the_own_name_are_in_files() {
        var files = plan(new ServiceFixture("web")
                        .hostname("front", "example.org")
                        .extraHost("db", "10.1.1.1"))
                .all("file");
        assertThat(new String(files.get(0).bytes(5), UTF_8))
                .startsWith("127.0.0.1\tlocalhost\n")
                .endsWith("10.9.0.2\tfront.example.org front\n10.1.1.1\tdb\n");
        assertThat(new String(files.get(2).bytes(5), UTF_8)).isEqualTo("nameserver 127.0.0.11\noptions ndots:0\n");
    }

    @Test
    void what_security_opt_and_capabilities_say_is_in_the_plan() {
        var plan = plan(new ServiceFixture("web")
                .securityOpt("seccomp=unconfined", "no-new-privileges:true")
                .capDrop("ALL"));
        assertThat(plan.first("seccomp")).isEmpty();
        assertThat(plan.number("no-new-privs")).isEqualTo(1);
        assertThat(plan.text("caps")).isEqualTo("0");
    }

    @Test
    void a_container_on_the_host_network_joins_no_other() {
        var plan = plan(new ServiceFixture("web").networkMode("host").port("80", 80));
        assertThat(plan.all("namespace").getFirst().fields()).containsExactly("net", "host");
        assertThat(plan.all("net")).isEmpty();
        assertThat(plan.all("port")).isEmpty();
    }

    @Test
    void a_user_that_the_image_does_not_have_is_reported() {
        assertThatThrownBy(() -> plan(new ServiceFixture("web").user("nobody-here")))
                .hasMessageContaining("no user \"nobody-here\" in the image's /etc/passwd");
    }

    @Test
    void a_bind_source_that_is_missing_is_made_or_reported() {
        var missing = directory.resolve("missing").toString();
        var strict = new Mount.Bind(missing, "/x", false, false, Optional.empty(), Optional.empty(), Optional.empty());
        assertThatThrownBy(() -> plan(new ServiceFixture("web").mounts(strict)))
                .hasMessage("cannot create container shop-web-1: bind source " + missing + " does not exist");
        plan(new ServiceFixture("web")
                .mounts(new Mount.Bind(
                        missing, "/x", false, true, Optional.empty(), Optional.empty(), Optional.empty())));
        assertThat(directory.resolve("missing")).isDirectory();
    }

    @Test
    void an_anonymous_volume_is_taken_over_from_the_container_replaced() {
        var service = new ServiceFixture("web").mounts(new Mount.AnonymousVolume("/cache", false, false));
        var old = plan(service);
        var renewed = plan(service, Optional.of(old));
        assertThat(renewed.text("x-anonymous-volume")).isEqualTo(old.text("x-anonymous-volume"));
        assertThat(plan(service).text("x-anonymous-volume")).isNotEqualTo(old.text("x-anonymous-volume"));
    }

    private static Healthcheck check(String... test) {
        return new Healthcheck(
                List.of(test),
                Optional.of(Duration.ofMillis(1500)),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    private ContainerPlan plan(ServiceFixture service) {
        return plan(service, Optional.empty());
    }

    private ContainerPlan plan(ServiceFixture service, Optional<ContainerPlan> replaced) {
        var layers = List.of(directory.resolve("layers/aaa/diff"), directory.resolve("layers/bbb/diff"));
        var image = new StoredImage(
                new Digest("c".repeat(64)),
                new Digest("d".repeat(64)),
                List.of("busybox"),
                Instant.EPOCH,
                0,
                config,
                layers);
        var draft = new ContainerDraft(
                service.spec("shop"),
                ID,
                "busybox",
                image,
                new LayeredFiles(layers),
                layout.container("shop", ID),
                ContainerEdits.NONE);
        FileTrees.create(draft.paths().state(), "rwx------");
        var maker = new PlanMaker(
                HYBRID,
                new SeccompPrograms(layout.cache()),
                new NetworkStore(layout.networks()),
                new MountPart.Stores(new VolumeStore(layout.volumes()), new ImageStore(directory)));
        var siblings = new Siblings(new ContainerIndex(layout), "shop");
        return maker.plan(draft, siblings, replaced, Instant.ofEpochSecond(1_700_000_000, 7));
    }

    /** Without what differs from machine to machine and run to run, and without labels. */
    private String dump(ContainerPlan plan) {
        var text = new StringBuilder();
        plan.describe()
                .lines()
                .filter(line -> !line.startsWith("x-label"))
                .map(line -> line.replace(directory.toString(), "DIR"))
                .map(line -> line.replaceFirst(" j-shop-[0-9a-f]{8} ", " BRIDGE "))
                .map(line -> line.replaceFirst("^(seccomp|file \\S+) .*", "$1 BYTES"))
                .forEach(line -> text.append(line).append('\n'));
        return text.toString().strip();
    }
}
