package dev.jcompose.runtime.linux.network;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.ConflictException;
import dev.jcompose.runtime.linux.shim.DurableFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which container has which address of a network: one file per address, made by whoever comes first. */
public final class AddressLeases {
    private final StoredNetwork network;
    private final Path directory;
    private final Set<Ip> spared;

    AddressLeases(StoredNetwork network, Path directory) {
        this(network, directory, Set.of());
    }

    private AddressLeases(StoredNetwork network, Path directory, Set<Ip> spared) {
        this.network = network;
        this.directory = directory;
        this.spared = Set.copyOf(spared);
    }

    /** Gives the container the lowest free IPv4 address. */
    public Ipv4 claim(String id) {
        return (Ipv4) claim(id, network.ipv4(), network.ipv4().range().first());
    }

    /** The same leases, but for addresses that others will ask for: those are not given to who asks for none. */
    public AddressLeases sparing(Set<Ip> asked) {
        return new AddressLeases(network, directory, asked);
    }

    /** Gives the container the IPv6 address that is to its block what the IPv4 address is, if that is free; else the next one. */
    public Ip claimBeside(String id, Block block, Ipv4 address) {
        long offset = address.low() - network.ipv4().subnet().first().low();
        var wanted = block.subnet().first().plus(offset);
        return claim(
                id,
                block,
                block.range().contains(wanted) ? wanted : block.range().first());
    }

    private Ip claim(String id, Block block, Ip start) {
        var taken = names();
        var last = block.range().last();
        for (var address = start; ; address = address.plus(1)) {
            if (block.isFree(address)
                    && !spared.contains(address)
                    && !taken.contains(address.toString())
                    && tryClaim(address, id)) {
                return address;
            }
            if (address.equals(last)) {
                break;
            }
        }
        throw new BackendException("network \"" + network.name() + "\" has no free address left in " + block.range()
                + "; give it a larger ipam subnet");
    }

    /** Gives the container that very address; {@code replaces} is the container that may hold it and is about to go. */
    public Ip claim(String id, Ip address, Optional<String> replaces) {
        var block = network.blockOf(address);
        if (block.filter(own -> !address.equals(own.gateway())).isEmpty()) {
            throw new BackendException("address " + address + " cannot be used in network \"" + network.name() + "\", "
                    + network.blocks()
                            .map(own -> "whose subnet is " + own.subnet() + " with gateway " + own.gateway())
                            .collect(Collectors.joining(", and ")));
        }
        if (tryClaim(address, id)) {
            return address;
        }
        var owner = owner(address);
        if (owner.isEmpty() || replaces.filter(owner::equals).isPresent()) {
            DurableFile.replace(directory.resolve(address.toString()), id.getBytes(US_ASCII));
            return address;
        }
        throw new ConflictException("address " + address + " of network \"" + network.name()
                + "\" belongs to container " + owner.substring(0, Math.min(12, owner.length())) + " already");
    }

    private boolean tryClaim(Ip address, String id) {
        try {
            Files.write(
                    directory.resolve(address.toString()),
                    id.getBytes(US_ASCII),
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw new BackendException(
                    "cannot claim address " + address + " of network \"" + network.name() + "\": "
                            + DurableFile.reason(e),
                    e);
        }
    }

    /** Whether an address is that container's; not so any more when the network has been made anew since. */
    public boolean holds(String id, Ip address) {
        return owner(address).equals(id);
    }

    private String owner(Ip address) {
        return DurableFile.read(directory.resolve(address.toString()))
                .map(bytes -> new String(bytes, US_ASCII))
                .orElse("");
    }

    /** Gives an address back if it is still that container's. */
    public void release(String id, Ip address) {
        if (owner(address).equals(id)) {
            try {
                Files.deleteIfExists(directory.resolve(address.toString()));
            } catch (IOException e) {
                throw new BackendException("cannot give back address " + address + ": " + DurableFile.reason(e), e);
            }
        }
    }

    /** Gives back every address of a container known only by the start of its identifier. */
    public void releaseAllOf(String id12) {
        for (var name : names()) {
            Ip.parse(name).ifPresent(address -> {
                var owner = owner(address);
                if (owner.startsWith(id12)) {
                    release(owner, address);
                }
            });
        }
    }

    /** The containers that have an address, by full identifier. */
    public Set<String> owners() {
        Set<String> owners = new HashSet<>();
        for (var name : names()) {
            Ip.parse(name).map(this::owner).filter(id -> !id.isEmpty()).ifPresent(owners::add);
        }
        return owners;
    }

    private Set<String> names() {
        try (var entries = Files.newDirectoryStream(directory)) {
            Set<String> names = new HashSet<>();
            entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
            return names;
        } catch (IOException e) {
            throw new BackendException("cannot list " + directory + ": " + DurableFile.reason(e), e);
        }
    }
}
