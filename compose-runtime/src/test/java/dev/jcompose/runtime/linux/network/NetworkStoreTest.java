package dev.jcompose.runtime.linux.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jcompose.model.NetworkConfig;
import dev.jcompose.model.problem.Position;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.ConflictException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkStoreTest {
    private static final String ROUTES = """
            Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
            eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0
            eth0\t0000C90A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
            eth1\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
            """;

    @TempDir
    Path directory;

    private static final String ROUTES_6 = """
            fd000001000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth1
            fe800000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
            00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0
            00000000000000000000000000000001 80 00000000000000000000000000000000 00 00000000000000000000000000000000 00000000 00000002 00000000 80200001       lo
            """;

    private NetworkStore store = new NetworkStore(Path.of("/"));

    @BeforeEach
    void open() throws IOException {
        var routes = Files.writeString(directory.resolve("route"), ROUTES);
        var routes6 = Files.writeString(directory.resolve("ipv6_route"), ROUTES_6);
        store = new NetworkStore(directory.resolve("networks"), new HostRoutes(routes, routes6));
    }

    @Test
    void each_network_gets_a_block_of_its_own_past_the_routes_of_the_host() {
        assertThat(create("a").ipv4().subnet()).hasToString("10.201.1.0/24");
        assertThat(create("b").ipv4().subnet()).hasToString("10.201.2.0/24");
        assertThat(create("b").ipv4().gateway()).hasToString("10.201.2.1");
        assertThat(store.list()).extracting(StoredNetwork::name).containsExactly("a", "b");
    }

    @Test
    @Timeout(20)
    void an_interrupted_creation_does_not_keep_others_waiting() throws InterruptedException {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> create("a")).isInstanceOf(BackendException.class);
        assertThat(Thread.interrupted()).isTrue();

        var other = Thread.ofPlatform().daemon().start(() -> create("b"));

        other.join();
        assertThat(store.find("b")).isPresent();
    }

    @Test
    void a_network_is_read_back_as_it_was_made() {
        var made = store.create("shop", config("a", pool("10.5.0.0/16", "10.5.255.254", "10.5.1.0/24", "10.5.1.2")));
        assertThat(store.find("a")).contains(made);
        assertThat(made.ipv4().gateway()).hasToString("10.5.255.254");
        assertThat(made.device().name()).hasSizeLessThanOrEqualTo(15);
    }

    @Test
    void a_subnet_that_overlaps_another_network_or_the_host_is_refused() {
        store.create("shop", config("a", pool("10.5.0.0/16", "", "", "")));
        assertThatThrownBy(() -> store.create("shop", config("b", pool("10.5.9.0/24", "", "", ""))))
                .isInstanceOf(ConflictException.class)
                .hasMessage("network \"b\": subnet 10.5.9.0/24 overlaps 10.5.0.0/16 of network \"a\"");
        assertThatThrownBy(() -> store.create("shop", config("b", pool("172.17.3.0/24", "", "", ""))))
                .hasMessage(
                        "network \"b\": subnet 172.17.3.0/24 overlaps the host's route to 172.17.0.0/16 through eth1");
        assertThatThrownBy(() -> store.create("shop", config("b", pool("fd00:1::/48", "", "", ""))))
                .hasMessage("network \"b\": subnet fd00:1::/48 overlaps the host's route to fd00:1::/64 through eth1");
    }

    @Test
    void nonsense_is_named() {
        assertThatThrownBy(() -> store.create("shop", config("a", pool("10.5.0.0", "", "", ""))))
                .hasMessageContaining("\"10.5.0.0\" is not a subnet");
        assertThatThrownBy(() -> store.create("shop", config("a", pool("10.5.0.0/16", "10.6.0.1", "", ""))))
                .hasMessageContaining("gateway 10.6.0.1 is outside");
        assertThatThrownBy(() -> store.create("shop", config("a", pool("10.5.0.0/24", "", "10.5.0.0/16", ""))))
                .hasMessageContaining("ip_range 10.5.0.0/16 is outside");
    }

    @Test
    void addresses_are_given_out_once_and_again_when_given_back() {
        var network = store.create("shop", config("a", pool("10.5.0.0/29", "", "", "10.5.0.3")));
        var leases = store.leases(network);
        assertThat(leases.claim("one")).hasToString("10.5.0.2");
        assertThat(leases.claim("two")).hasToString("10.5.0.4");
        leases.claim("three");
        leases.claim("four");
        assertThatThrownBy(() -> leases.claim("five")).hasMessageContaining("has no free address left");
        leases.release("two", address("10.5.0.2"));
        assertThatThrownBy(() -> leases.claim("five")).hasMessageContaining("has no free address left");
        leases.release("two", address("10.5.0.4"));
        assertThat(leases.claim("five")).hasToString("10.5.0.4");
        leases.releaseAllOf("fiv");
        assertThat(leases.owners()).containsExactlyInAnyOrder("one", "three", "four");
    }

    @Test
    void an_address_asked_for_goes_from_the_container_replaced_to_its_successor() {
        var leases = store.leases(store.create("shop", config("a", pool("10.5.0.0/24", "", "", ""))));
        leases.claim("old", address("10.5.0.9"), Optional.empty());
        assertThatThrownBy(() -> leases.claim("other", address("10.5.0.9"), Optional.empty()))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("belongs to container old");
        leases.claim("new", address("10.5.0.9"), Optional.of("old"));
        leases.release("old", address("10.5.0.9"));
        assertThat(leases.owners()).containsExactly("new");
        assertThatThrownBy(() -> leases.claim("x", address("10.6.0.9"), Optional.empty()))
                .hasMessageContaining("whose subnet is 10.5.0.0/24");
    }

    @Test
    void containers_made_at_once_get_different_addresses() throws Exception {
        var leases = store.leases(store.create("shop", config("a", pool("10.5.0.0/24", "", "", ""))));
        List<Callable<Ipv4>> claims = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            var id = "container" + i;
            claims.add(() -> leases.claim(id));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var given = new HashSet<Ipv4>();
            for (var claim : threads.invokeAll(claims)) {
                given.add(claim.get());
            }
            assertThat(given).hasSize(60);
        }
    }

    @Test
    void ipv6_is_a_unique_local_block_of_the_networks_name_or_the_one_declared() {
        var own = store.create("shop", ipv6("a"));
        assertThat(own.ipv6().orElseThrow().subnet())
                .hasToString(
                        store.list().getFirst().ipv6().orElseThrow().subnet().toString());
        assertThat(own.ipv6().orElseThrow().subnet().toString())
                .startsWith("fd")
                .endsWith("::/64");
        store.remove(own);
        assertThat(store.create("shop", ipv6("a"))).isEqualTo(own);

        var made = store.create(
                "shop", ipv6("b", pool("10.5.0.0/24", "", "", ""), pool("fd05::/64", "fd05::ff", "", "fd05::2")));
        assertThat(store.find("b")).contains(made);
        var block = made.ipv6().orElseThrow();
        var leases = store.leases(made);
        var first = leases.claim("one");
        assertThat(leases.claimBeside("one", block, first)).hasToString("fd05::3");
        assertThat(leases.claim("two", Ip.parse("fd05::9").orElseThrow(), Optional.empty()))
                .hasToString("fd05::9");
        assertThatThrownBy(() -> leases.claim("x", Ip.parse("fd06::9").orElseThrow(), Optional.empty()))
                .hasMessageContaining(
                        "whose subnet is 10.5.0.0/24 with gateway 10.5.0.1, and whose subnet is fd05::/64");
        leases.release("two", Ip.parse("fd05::9").orElseThrow());
        assertThat(leases.owners()).containsExactly("one");
    }

    @ParameterizedTest
    @CsvSource({
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "2001:0db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "::, ::",
        "::1, ::1",
        "fe80::, fe80::",
        "1:0:2:3:4:5:6:7, 1:0:2:3:4:5:6:7",
        "::FFFF:10.0.0.1, ::ffff:a00:1"
    })
    void ipv6_addresses_are_read_and_written_in_their_shortest_form(String text, String shortest) {
        assertThat(Ipv6.parse(text).orElseThrow()).hasToString(shortest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":::",
                "1",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                "g::",
                "12345::",
                "::1.2.3",
                "1:2:3:4:5:6:7::8:9"
            })
    void what_is_no_ipv6_address_is_not_taken_for_one(String text) {
        assertThat(Ipv6.parse(text)).isEmpty();
    }

    @Test
    void driver_options_are_honoured_or_named() {
        var options = new LinkedHashMap<String, String>();
        options.put("com.docker.network.driver.mtu", "1400");
        options.put("com.docker.network.bridge.enable_icc", "false");
        var device = NetworkDriver.device(config("a", false, options));
        assertThat(device.mtu()).isEqualTo(1400);
        assertThat(device.isolated()).isTrue();
        options.put("com.docker.network.driver.mtu", "20");
        options.put("com.docker.network.bridge.enable_ip_masquerade", "false");
        options.put("colour", "red");
        assertThat(NetworkDriver.problems(config("a", false, options)))
                .containsOnlyKeys(
                        "com.docker.network.driver.mtu", "com.docker.network.bridge.enable_ip_masquerade", "colour");
    }

    @Test
    void a_network_removed_leaves_nothing_not_even_of_a_killed_command() throws Exception {
        var network = create("a");
        Files.writeString(directory.resolve("networks/a/.half"), "writ");
        store.remove(network);
        assertThat(store.list()).isEmpty();
        assertThat(directory.resolve("networks/a")).doesNotExist();
    }

    private StoredNetwork create(String name) {
        return store.create("shop", config(name));
    }

    private static Ipv4 address(String text) {
        return Ipv4.parse(text).orElseThrow();
    }

    private static NetworkConfig.Pool pool(String subnet, String gateway, String range, String auxiliary) {
        var auxAddresses = new LinkedHashMap<String, String>();
        if (!auxiliary.isEmpty()) {
            auxAddresses.put("router", auxiliary);
        }
        return new NetworkConfig.Pool(given(subnet), given(gateway), given(range), auxAddresses);
    }

    private static Optional<String> given(String text) {
        return Optional.of(text).filter(value -> !value.isEmpty());
    }

    private static NetworkConfig config(String name, NetworkConfig.Pool... pools) {
        return config(name, false, new LinkedHashMap<>(), pools);
    }

    private static NetworkConfig ipv6(String name, NetworkConfig.Pool... pools) {
        return config(name, true, new LinkedHashMap<>(), pools);
    }

    private static NetworkConfig config(
            String name, boolean ipv6, SequencedMap<String, String> options, NetworkConfig.Pool... pools) {
        return new NetworkConfig(
                "default",
                name,
                false,
                Optional.empty(),
                options,
                Optional.empty(),
                List.of(pools),
                false,
                false,
                Optional.empty(),
                Optional.of(ipv6),
                new LinkedHashMap<>(),
                new Position("compose.yaml", 1, 1),
                "hash");
    }
}
