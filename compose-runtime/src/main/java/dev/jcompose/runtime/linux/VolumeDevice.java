package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.BackendException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a volume of the local driver stands for instead of a directory of our own, in the words of {@code driver_opts}: a file
 * system to mount (mount(8)), or with type {@code none} and option {@code bind} a directory of the host.
 */
record VolumeDevice(String type, String device, String options) {
    static final VolumeDevice NONE = new VolumeDevice("", "", "");
    private static final Set<String> KNOWN = Set.of("type", "o", "device");

    /** Given values that {@link #problems} finds nothing wrong with. */
    static VolumeDevice of(Map<String, String> driverOptions) {
        return driverOptions.isEmpty()
                ? NONE
                : new VolumeDevice(
                        driverOptions.getOrDefault("type", ""),
                        driverOptions.getOrDefault("device", ""),
                        driverOptions.getOrDefault("o", ""));
    }

    /** What is wrong with them, by option ({@code .o}; empty for all together). */
    static Map<String, String> problems(Map<String, String> driverOptions) {
        Map<String, String> found = new LinkedHashMap<>();
        driverOptions.keySet().stream()
                .filter(option -> !KNOWN.contains(option))
                .forEach(option -> found.put(
                        "." + option,
                        option.equals("size")
                                ? "needs quotas of the file system; give a size to a volume of type tmpfs (o: size=100m) instead"
                                : "is not an option of the local driver; it knows type, o and device"));
        var device = of(driverOptions);
        if (driverOptions.isEmpty() || !found.isEmpty()) {
            return found;
        }
        if (device.device.isEmpty()) {
            found.put("", "device is missing");
        } else if (device.isBind()) {
            if (!device.device.startsWith("/")) {
                found.put(".device", "\"" + device.device + "\" is not an absolute path");
            }
        } else if (device.type.isEmpty() || device.type.equals("none")) {
            found.put("", "type is missing: the file system to mount, or none with o: bind");
        }
        return found;
    }

    boolean isBind() {
        var words = words();
        return (type.isEmpty() || type.equals("none")) && (words.contains("bind") || words.contains("rbind"));
    }

    /** A file system that has to be mounted before the volume can be used. */
    boolean isMounted() {
        return !device.isEmpty() && !isBind();
    }

    boolean isReadOnly() {
        return words().contains("ro");
    }

    /** The kernel takes the address of a server, not its name. */
    VolumeDevice withAddresses() {
        List<String> words = new ArrayList<>();
        for (var word : words()) {
            words.add(word.startsWith("addr=") ? "addr=" + address(word.substring(5)) : word);
        }
        return new VolumeDevice(type, device, String.join(",", words));
    }

    private static String address(String host) {
        try {
            return InetAddress.getByName(host).getHostAddress();
        } catch (UnknownHostException e) {
            throw new BackendException("cannot find the address of \"" + host + "\"", e);
        }
    }

    private List<String> words() {
        return List.of(options.split(",", -1));
    }
}
