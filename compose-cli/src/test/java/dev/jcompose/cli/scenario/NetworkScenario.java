package dev.jcompose.cli.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What networks, names and published ports are like, looked at from inside containers and from another host. */
@Timeout(300)
class NetworkScenario {
    private static final String BOX = "x-box: &box {build: ., image: box, command: [sleep, \"1000\"], init: true}\n";

    @Test
    void addresses_names_and_links_are_as_declared_in_both_families() throws Exception {
        try (Stack stack = Stack.of(BOX + """
                services:
                  a:
                    <<: *box
                    hostname: ada
                    networks:
                      six:
                        ipv4_address: 10.77.0.9
                        ipv6_address: "fd77::9"
                        link_local_ips: ["169.254.9.9", "fe80::99"]
                        mac_address: "02:00:00:00:00:09"
                        aliases: [first]
                  b:
                    <<: *box
                    links: ["a:alpha"]
                    external_links: ["shop-a-1:beta"]
                    dns_search: [example.test]
                    dns_opt: ["timeout:1"]
                    extra_hosts: ["gate=host-gateway", "six=fd00::6"]
                    networks:
                      six: {priority: 10}
                      auto: {gw_priority: 1, interface_name: lan7, driver_opts: {com.docker.network.endpoint.sysctls: net.ipv4.conf.IFNAME.log_martians=1}}
                      shut:
                  c: {<<: *box, networks: [auto]}
                  d: {<<: *box, networks: [shut], scale: 2}
                networks:
                  six:
                    enable_ipv6: true
                    ipam: {config: [{subnet: 10.77.0.0/24, gateway: 10.77.0.254, ip_range: 10.77.0.128/25, aux_addresses: {x: 10.77.0.128}}, {subnet: "fd77::/64"}]}
                  auto:
                    enable_ipv6: true
                    driver_opts: {com.docker.network.driver.mtu: 1400, com.docker.network.bridge.enable_icc: "false"}
                  shut: {internal: true, driver_opts: {com.docker.network.container_iface_prefix: in}}
                """)) {
            stack.run("up", "-d").succeeds();

            String a = in(stack, "a", "ip addr show eth0; ip route; ip -6 route; cat /etc/hosts");
            assertThat(a)
                    .contains("inet 10.77.0.9/24", "inet6 fd77::9/64", "inet 169.254.9.9/16", "inet6 fe80::99/64")
                    .contains("link/ether 02:00:00:00:00:09", "default via 10.77.0.254", "default via fd77::1")
                    .contains("10.77.0.9\tada", "fd77::9\tada")
                    .doesNotContain("tentative");
            String b = in(
                    stack,
                    "b",
                    "ip addr; ip route; ip -6 route; cat /etc/resolv.conf /etc/hosts /proc/sys/net/ipv4/conf/lan7/log_martians");
            assertThat(b)
                    .contains("inet 10.77.0.129/24") // the first one of the range, after the auxiliary one
                    .containsPattern("lan7@\\S+ .*mtu 1400")
                    .containsPattern("default via 10\\.201\\.\\d+\\.1 dev lan7")
                    .containsPattern("default via fd\\S+::1 dev lan7")
                    .contains("in2@", "search example.test", "options timeout:1 ndots:0", "fd00::6\tsix")
                    .containsPattern("169\\.254\\.\\d+\\.\\d+\tgate")
                    .endsWith("\n1\n");

            for (String name : List.of("a", "shop-a-1", "ada", "first", "alpha", "beta", "A.SHOP_SIX", "fd77::9")) {
                assertThat(in(stack, "b", "ping -6 -c 1 -W 2 " + name)).as(name).contains("1 packets received");
            }
            assertThat(in(stack, "b", "nslookup a.; nslookup d.; nslookup 10.77.0.9"))
                    .contains("Address: 10.77.0.9\n", "Address: fd77::9\n", "name = shop-a-1.shop_six")
                    .doesNotContain("can't find");
            assertThat(in(stack, "b", "nslookup d. | grep -c '^Address: '")).isEqualTo("2\n");
            assertThat(in(stack, "a", "nslookup alpha; nslookup c")).contains("can't find alpha", "can't find c");
            assertThat(in(stack, "b", "ping -c 1 -W 1 c")).contains("0 packets received"); // enable_icc: false
            assertThat(in(stack, "d", "ip route; nslookup no.such.name.example"))
                    .doesNotContain("default")
                    .contains("NXDOMAIN");
        }
    }

    @Test
    void another_host_is_seen_by_containers_and_reaches_only_what_is_published() throws Exception {
        int port = Stack.freePort();
        try (Stack stack = Stack.of(BOX + """
                        services:
                          web:
                            <<: *box
                            command: [sh, -c, "mkdir /tmp/cgi-bin; echo hi >/tmp/x; echo -e '#!/bin/sh\\\\necho; echo $$REMOTE_ADDR' >/tmp/cgi-bin/who; chmod 755 /tmp/cgi-bin/who; exec httpd -f -p 80 -h /tmp"]
                            ports: ["%d:80"]
                            networks: {default: {ipv4_address: 10.77.1.2, ipv6_address: "fd77:1::2"}}
                          client: {<<: *box}
                        networks: {default: {enable_ipv6: true, ipam: {config: [{subnet: 10.77.1.0/24}, {subnet: "fd77:1::/64"}]}}}
                        """.formatted(port));
                OtherHost other = OtherHost.connect()) {
            stack.run("up", "-d").succeeds();
            String url = ":" + port + "/x";
            assertThat(Stack.get("http://127.0.0.1" + url)).isEqualTo("hi\n");
            assertThat(Stack.get("http://[::1]" + url)).isEqualTo("hi\n");
            assertThat(Stack.get("http://" + OtherHost.OURS + url)).isEqualTo("hi\n");
            assertThat(in(stack, "client", "wget -q -O - http://" + OtherHost.OURS + url))
                    .isEqualTo("hi\n");
            assertThat(other.run("wget", "-q", "-O", "-", "http://" + OtherHost.OURS + url))
                    .isEqualTo("hi\n");
            String who = "http://" + OtherHost.OURS + ":" + port + "/cgi-bin/who";
            assertThat(other.run("wget", "-q", "-O", "-", who)).contains(OtherHost.THEIRS);
            assertThat(in(stack, "client", "ping -c 1 -W 2 " + OtherHost.THEIRS))
                    .contains("1 packets received");
            assertThat(in(stack, "client", "ping -6 -c 1 -W 2 " + OtherHost.THEIRS_6))
                    .contains("1 packets received");
            other.run("ip", "route", "add", "10.77.1.0/24", "via", OtherHost.OURS);
            other.run("ip", "-6", "route", "add", "fd77:1::/64", "via", OtherHost.OURS_6);
            assertThat(other.run("sh", "-c", "ping -c 1 -W 1 10.77.1.2; ping -6 -c 1 -W 1 fd77:1::2"))
                    .contains("0 packets received")
                    .doesNotContain("1 packets received");

            run(
                    "nft",
                    "add table inet wall; add chain inet wall in { type filter hook input priority 0; policy accept; };"
                            + " add rule inet wall in tcp dport 1 drop");
            try {
                stack.run("up", "-d", "--force-recreate").succeeds();
                assertThat(other.run("wget", "-q", "-O", "-", "http://" + OtherHost.OURS + url))
                        .isEqualTo("hi\n");
                assertThat(run("nft", "list tables")).doesNotContainPattern("jcompose_[0-9a-f]{6}_\\d+");
            } finally {
                run("nft", "delete table inet wall");
            }
        }
    }

    @Test
    void containers_on_macvlan_and_ipvlan_are_hosts_of_their_own() throws Exception {
        try (Stack stack = Stack.of(BOX + """
                        services:
                          m: {<<: *box, networks: {lan: {ipv4_address: 10.88.0.20}}}
                          i: {<<: *box, networks: {vlan: {ipv4_address: 10.89.0.30}}}
                        networks:
                          lan: {driver: macvlan, driver_opts: {parent: %1$s, macvlan_mode: bridge}, ipam: {config: [{subnet: 10.88.0.0/24, gateway: 10.88.0.2}]}}
                          vlan: {driver: ipvlan, driver_opts: {parent: %1$s, ipvlan_mode: l3}, ipam: {config: [{subnet: 10.89.0.0/24}]}}
                        """.formatted(OtherHost.LINK));
                OtherHost other = OtherHost.connect()) {
            other.run("ip", "addr", "add", "10.88.0.2/24", "dev", OtherHost.LINK);
            other.run("ip", "route", "add", "10.89.0.0/24", "dev", OtherHost.LINK);
            var up = stack.run("up", "-d");
            if (up.exitCode() != 0) {
                assertThat(up.err()).containsPattern("this kernel offers no (macvlan|ipvlan)");
                return;
            }
            assertThat(in(stack, "m", "ip addr show eth0; ip route; ping -c 1 -W 2 10.88.0.2"))
                    .contains("inet 10.88.0.20/24", "default via 10.88.0.2", "1 packets received");
            assertThat(in(stack, "i", "ip route; ping -c 1 -W 2 10.88.0.2")).contains("default dev eth0");
            assertThat(other.run("ping", "-c", "1", "-W", "2", "10.88.0.20")).contains("1 packets received");
        }
    }

    private static String in(Stack stack, String service, String script) throws Exception {
        return stack.run("exec", "-T", service, "sh", "-c", script + " 2>&1").out();
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return output;
    }

    /** A namespace that stands for another host, on a cable to this one. */
    private record OtherHost(Process process) implements AutoCloseable {
        static final String LINK = "jctest0";
        static final String OURS = "198.51.100.1";
        static final String THEIRS = "198.51.100.2";
        static final String OURS_6 = "fd99::1";
        static final String THEIRS_6 = "fd99::2";

        static OtherHost connect() throws IOException, InterruptedException {
            Process process = new ProcessBuilder("unshare", "--net", "sleep", "1000").start();
            OtherHost other = new OtherHost(process);
            String namespace = Long.toString(process.pid());
            Path own = Path.of("/proc/self/ns/net");
            Path theirs = Path.of("/proc", namespace, "ns/net");
            Stack.eventually(
                    "it is in a namespace of its own",
                    () -> !Files.readSymbolicLink(theirs).equals(Files.readSymbolicLink(own)));
            NetworkScenario.run("ip", "link", "add", LINK, "type", "veth", "peer", "name", LINK, "netns", namespace);
            NetworkScenario.run("ip", "addr", "add", OURS + "/24", "dev", LINK);
            NetworkScenario.run("ip", "addr", "add", OURS_6 + "/64", "dev", LINK, "nodad");
            NetworkScenario.run("ip", "link", "set", LINK, "up");
            other.run("ip", "addr", "add", THEIRS + "/24", "dev", LINK);
            other.run("ip", "addr", "add", THEIRS_6 + "/64", "dev", LINK, "nodad");
            other.run("ip", "link", "set", LINK, "up");
            return other;
        }

        /** Runs one of busybox's applets there, {@code ip} excepted, which is the machine's. */
        String run(String... command) throws IOException, InterruptedException {
            List<String> all = new ArrayList<>(List.of("nsenter", "--net", "--target", Long.toString(process.pid())));
            if (!command[0].equals("ip")) {
                all.add("busybox");
            }
            all.addAll(List.of(command));
            return NetworkScenario.run(all.toArray(String[]::new));
        }

        @Override
        public void close() throws IOException {
            try {
                NetworkScenario.run("ip", "link", "delete", LINK);
                process.destroy();
                process.waitFor(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
