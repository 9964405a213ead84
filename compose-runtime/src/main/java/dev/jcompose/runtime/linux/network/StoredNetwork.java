package dev.jcompose.runtime.linux.network;

import dev.jcompose.runtime.linux.shim.Frame;
import dev.jcompose.runtime.linux.shim.Frames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A network as it lies on disk.
 *
 * @param range where addresses are taken from when none is asked for
 * @param reserved addresses never given out
 * @param bridge the name of its bridge device, at most 15 characters
 */
public record StoredNetwork(
        String name,
        String project,
        String key,
        String configHash,
        Cidr subnet,
        Ipv4 gateway,
        Cidr range,
        Set<Ipv4> reserved,
        String bridge,
        boolean internal) {
    public StoredNetwork {
        reserved = Set.copyOf(reserved);
    }

    byte[] encode() {
        List<Frame> frames = new ArrayList<>();
        frames.add(Frame.of("network", name));
        frames.add(Frame.of("project", project, key, configHash));
        frames.add(Frame.of("subnet", subnet.toString(), gateway.toString(), range.toString()));
        reserved.stream().sorted().forEach(address -> frames.add(Frame.of("reserved", address.toString())));
        frames.add(Frame.of("bridge", bridge));
        frames.add(Frame.of("internal", internal ? "1" : "0"));
        frames.add(Frame.of("end", Integer.toString(frames.size())));
        return Frames.encode(frames);
    }

    /** Empty when the bytes are not a whole network. */
    static Optional<StoredNetwork> decode(byte[] bytes) {
        var frames = Frames.decode(bytes);
        if (frames.isEmpty() || !frames.getLast().key().equals("end")) {
            return Optional.empty();
        }
        var head = frame(frames, "network");
        var owner = frame(frames, "project");
        var subnet = frame(frames, "subnet");
        Set<Ipv4> reserved = new HashSet<>();
        frames.stream()
                .filter(frame -> frame.key().equals("reserved"))
                .forEach(frame -> Ipv4.parse(frame.text(1)).ifPresent(reserved::add));
        return Optional.of(new StoredNetwork(
                head.text(1),
                owner.text(1),
                owner.text(2),
                owner.text(3),
                Cidr.parse(subnet.text(1)).orElseThrow(),
                Ipv4.parse(subnet.text(2)).orElseThrow(),
                Cidr.parse(subnet.text(3)).orElseThrow(),
                reserved,
                frame(frames, "bridge").text(1),
                frame(frames, "internal").text(1).equals("1")));
    }

    private static Frame frame(List<Frame> frames, String key) {
        return frames.stream()
                .filter(frame -> frame.key().equals(key))
                .findFirst()
                .orElse(Frame.of(key));
    }
}
