package dev.jcompose.runtime.linux.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jcompose.model.NetworkConfig;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.zip.CRC32;

/** What {@code driver} and {@code driver_opts} of a network say, in the words Docker has for them. */
public final class NetworkDriver {
    private static final String BRIDGE = "com.docker.network.bridge.";
    private static final String NAME = BRIDGE + "name";
    private static final String MTU = "com.docker.network.driver.mtu";
    private static final String TALK = BRIDGE + "enable_icc";
    private static final String MASQUERADE = BRIDGE + "enable_ip_masquerade";
    private static final String HOST_IP = BRIDGE + "host_binding_ipv4";
    private static final String PREFIX = "com.docker.network.container_iface_prefix";
    private static final int NAME_LENGTH = 15;
    private static final int SMALLEST_MTU = 68;
    private static final int LARGEST_MTU = 65535;

    private static final Map<LinkKind, Set<String>> OPTIONS = Map.of(
            LinkKind.BRIDGE, Set.of(NAME, MTU, TALK, MASQUERADE, HOST_IP, PREFIX),
            LinkKind.MACVLAN, Set.of("parent", "macvlan_mode", MTU),
            LinkKind.IPVLAN, Set.of("parent", "ipvlan_mode", "ipvlan_flag", MTU));
    private static final Set<String> MACVLAN_MODES = Set.of("bridge", "private", "vepa", "passthru");
    private static final Set<String> IPVLAN_MODES = Set.of("l2", "l3", "l3s");
    private static final Set<String> IPVLAN_FLAGS = Set.of("bridge", "private", "vepa");

    private NetworkDriver() {}

    /** Empty when the driver is not known. */
    public static Optional<LinkKind> kind(NetworkConfig config) {
        var word = config.driver().filter(text -> !text.isEmpty()).orElse("bridge");
        return Arrays.stream(LinkKind.values())
                .filter(kind -> kind.word().equals(word))
                .findFirst();
    }

    static Device device(NetworkConfig config) {
        var kind = kind(config).orElseThrow();
        var options = config.driverOptions();
        var mode = options.getOrDefault(kind.word() + "_mode", "");
        return new Device(
                kind,
                kind == LinkKind.BRIDGE
                        ? options.getOrDefault(NAME, bridge(config.name()))
                        : options.getOrDefault("parent", ""),
                kind == LinkKind.IPVLAN ? mode + "/" + options.getOrDefault("ipvlan_flag", "") : mode,
                Integer.parseInt(options.getOrDefault(MTU, "0")),
                options.getOrDefault(TALK, "true").equals("false"),
                options.getOrDefault(PREFIX, "eth"),
                Optional.ofNullable(options.get(HOST_IP)).filter(text -> !text.equals("0.0.0.0")));
    }

    /** Device names have 15 characters at most: the name's start for the reader, its checksum for uniqueness. */
    private static String bridge(String name) {
        var checksum = new CRC32();
        checksum.update(name.getBytes(UTF_8));
        var start = name.replaceAll("[^a-zA-Z0-9]", "");
        return "j-" + start.substring(0, Math.min(4, start.length())) + "-" + "%08x".formatted(checksum.getValue());
    }

    /** What is wrong with the options of a known driver, by option. */
    public static SequencedMap<String, String> problems(NetworkConfig config) {
        SequencedMap<String, String> problems = new LinkedHashMap<>();
        var kind = kind(config).orElseThrow();
        config.driverOptions().forEach((option, value) -> {
            if (!OPTIONS.getOrDefault(kind, Set.of()).contains(option)) {
                problems.put(option, "not supported by the native backend for driver \"" + kind.word() + "\"");
            } else {
                problem(option, value).ifPresent(why -> problems.put(option, "\"" + value + "\" " + why));
            }
        });
        if (kind != LinkKind.BRIDGE
                && config.driverOptions().getOrDefault("parent", "").isEmpty()) {
            problems.put("parent", "driver \"" + kind.word() + "\" needs the name of a link of the host");
        }
        return problems;
    }

    private static Optional<String> problem(String option, String value) {
        return switch (option) {
            case NAME, "parent" -> when(!isLinkName(value), "is not a name of a link (at most 15 characters)");
            case PREFIX -> when(!isLinkName(value + "00"), "is not the start of a name of a link");
            case MTU -> when(!isMtu(value), "is not an MTU (68 to 65535)");
            case TALK -> when(!Set.of("true", "false").contains(value), "is not true or false");
            case MASQUERADE ->
                when(!value.equals("true"), "is not possible: the host has no routes to containers' addresses");
            case HOST_IP -> when(!(Ip.parse(value).orElse(null) instanceof Ipv4), "is not an IPv4 address");
            case "macvlan_mode" -> oneOf(MACVLAN_MODES, value);
            case "ipvlan_mode" -> oneOf(IPVLAN_MODES, value);
            case "ipvlan_flag" -> oneOf(IPVLAN_FLAGS, value);
            default -> Optional.empty();
        };
    }

    private static Optional<String> oneOf(Set<String> words, String value) {
        return when(
                !words.contains(value),
                "is not known; expected "
                        + String.join(", ", words.stream().sorted().toList()));
    }

    private static Optional<String> when(boolean wrong, String why) {
        return wrong ? Optional.of(why) : Optional.empty();
    }

    private static boolean isLinkName(String text) {
        return !text.isEmpty()
                && text.length() <= NAME_LENGTH
                && text.chars().noneMatch(c -> c == '/' || c == ':' || c <= ' ');
    }

    private static boolean isMtu(String text) {
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        int mtu = Integer.parseInt(text);
        return mtu >= SMALLEST_MTU && mtu <= LARGEST_MTU;
    }
}
