package dev.jcompose.runtime.linux.network;

import dev.jcompose.runtime.linux.shim.Frame;
import dev.jcompose.runtime.linux.shim.Frames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A network as it lies on disk. */
public record StoredNetwork(
        String name,
        String project,
        String key,
        String configHash,
        Block ipv4,
        Optional<Block> ipv6,
        Device device,
        boolean internal) {
    byte[] encode() {
        List<Frame> frames = new ArrayList<>();
        frames.add(Frame.of("network", name));
        frames.add(Frame.of("project", project, key, configHash));
        frames.add(ipv4.encode("subnet"));
        ipv6.ifPresent(block -> frames.add(block.encode("subnet6")));
        blocks().flatMap(block -> block.reserved().stream())
                .sorted()
                .forEach(address -> frames.add(Frame.of("reserved", address.toString())));
        frames.add(device.encode());
        frames.add(Frame.of("internal", internal ? "1" : "0"));
        frames.add(Frame.of("end", Integer.toString(frames.size())));
        return Frames.encode(frames);
    }

    Stream<Block> blocks() {
        return Stream.concat(Stream.of(ipv4), ipv6.stream());
    }

    /** Its subnet, and the one of IPv6 if it has one. */
    public List<Cidr> subnets() {
        return blocks().map(Block::subnet).toList();
    }

    /** The block an address is of; empty when it is of none. */
    public Optional<Block> blockOf(Ip address) {
        return blocks().filter(block -> block.subnet().contains(address)).findFirst();
    }

    /** Empty when the bytes are not a whole network. */
    static Optional<StoredNetwork> decode(byte[] bytes) {
        var frames = Frames.decode(bytes);
        if (frames.isEmpty() || !frames.getLast().key().equals("end")) {
            return Optional.empty();
        }
        var owner = frame(frames, "project").orElseThrow();
        Set<Ip> reserved = new HashSet<>();
        frames.stream()
                .filter(frame -> frame.key().equals("reserved"))
                .forEach(frame -> Ip.parse(frame.text(1)).ifPresent(reserved::add));
        return Optional.of(new StoredNetwork(
                frame(frames, "network").orElseThrow().text(1),
                owner.text(1),
                owner.text(2),
                owner.text(3),
                Block.decode(frame(frames, "subnet").orElseThrow(), reserved),
                frame(frames, "subnet6").map(frame -> Block.decode(frame, reserved)),
                Device.decode(frame(frames, "device").orElseThrow()),
                frame(frames, "internal").orElseThrow().text(1).equals("1")));
    }

    private static Optional<Frame> frame(List<Frame> frames, String key) {
        return frames.stream().filter(frame -> frame.key().equals(key)).findFirst();
    }
}
