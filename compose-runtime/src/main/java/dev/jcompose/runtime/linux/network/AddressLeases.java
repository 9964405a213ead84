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

/** Which container has which address of a network: one file per address, made by whoever comes first. */
public final class AddressLeases {
    private final StoredNetwork network;
    private final Path directory;

    AddressLeases(StoredNetwork network, Path directory) {
        this.network = network;
        this.directory = directory;
    }

    /** Gives the container the lowest free address. */
    public Ipv4 claim(String id) {
        var taken = names();
        var range = network.range();
        for (var address = range.first(); address.compareTo(range.last()) <= 0; address = address.plus(1)) {
            if (isUsable(address) && !taken.contains(address.toString()) && tryClaim(address, id)) {
                return address;
            }
            if (address.equals(range.last())) {
                break;
            }
        }
        throw new BackendException("network \"" + network.name() + "\" has no free address left in " + range
                + "; give it a larger ipam subnet");
    }

    /** Gives the container that very address; {@code replaces} is the container that may hold it and is about to go. */
    public Ipv4 claim(String id, Ipv4 address, Optional<String> replaces) {
        if (!network.subnet().contains(address) || address.equals(network.gateway())) {
            throw new BackendException("address " + address + " cannot be used in network \"" + network.name()
                    + "\", whose subnet is " + network.subnet() + " with gateway " + network.gateway());
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

    private boolean isUsable(Ipv4 address) {
        return !address.equals(network.subnet().first())
                && !address.equals(network.subnet().last())
                && !address.equals(network.gateway())
                && !network.reserved().contains(address);
    }

    private boolean tryClaim(Ipv4 address, String id) {
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
    public boolean holds(String id, Ipv4 address) {
        return owner(address).equals(id);
    }

    private String owner(Ipv4 address) {
        return DurableFile.read(directory.resolve(address.toString()))
                .map(bytes -> new String(bytes, US_ASCII))
                .orElse("");
    }

    /** Gives an address back if it is still that container's. */
    public void release(String id, Ipv4 address) {
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
            Ipv4.parse(name).ifPresent(address -> {
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
            Ipv4.parse(name).map(this::owner).filter(id -> !id.isEmpty()).ifPresent(owners::add);
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
