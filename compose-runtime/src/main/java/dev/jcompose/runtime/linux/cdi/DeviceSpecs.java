package dev.jcompose.runtime.linux.cdi;

import dev.jcompose.model.Security;
import dev.jcompose.model.Security.Accelerator;
import dev.jcompose.model.problem.InvalidProjectException;
import dev.jcompose.model.problem.Problems;
import dev.jcompose.model.yaml.Mapping;
import dev.jcompose.model.yaml.Sequence;
import dev.jcompose.model.yaml.YamlReader;
import dev.jcompose.runtime.BackendException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** The specifications found on this machine, in JSON or YAML; a later directory's device stands for an earlier one's. */
public final class DeviceSpecs {
    private static final String GPU = "gpu";
    private static final String ALL = "all";

    private final List<Path> directories;
    private final SequencedMap<String, ContainerEdits> devices = new LinkedHashMap<>();

    private DeviceSpecs(List<Path> directories) {
        this.directories = directories;
    }

    /** Those in {@code /etc/cdi} and {@code /var/run/cdi}. */
    public static DeviceSpecs ofMachine() {
        return in(List.of(Path.of("/etc/cdi"), Path.of("/var/run/cdi")));
    }

    static DeviceSpecs in(List<Path> directories) {
        var specs = new DeviceSpecs(directories);
        directories.forEach(specs::readAll);
        return specs;
    }

    /** Whether an entry of a service is a name such as {@code vendor.com/class=device} and no path. */
    public static boolean isName(String device) {
        var name = name(device);
        return !name.startsWith("/") && name.indexOf('/') > 0 && name.indexOf('=') > name.indexOf('/');
    }

    private static String name(String device) {
        int colon = device.indexOf(':');
        return colon < 0 ? device : device.substring(0, colon);
    }

    private void readAll(Path directory) {
        try (var files = Files.newDirectoryStream(directory, "*.{json,yaml,yml}")) {
            List<Path> sorted = new ArrayList<>();
            files.forEach(sorted::add);
            sorted.sort(null);
            sorted.forEach(this::read);
        } catch (NoSuchFileException e) {
            // this place is not used
        } catch (IOException e) {
            throw new BackendException("cannot read " + directory + ": " + e.getMessage(), e);
        }
    }

    private void read(Path file) {
        try {
            var documents = new YamlReader(new Problems()).read(file.toString(), Files.readAllBytes(file));
            if (documents.isEmpty() || !(documents.getFirst() instanceof Mapping spec)) {
                throw new BackendException(file + " is not a CDI specification");
            }
            var kind = spec.text("kind").orElse("");
            var common = edits(spec);
            for (var item : spec.sequence("devices").map(Sequence::items).orElse(List.of())) {
                if (item instanceof Mapping device) {
                    devices.put(kind + "=" + device.text("name").orElse(""), common.and(edits(device)));
                }
            }
        } catch (InvalidProjectException e) {
            throw new BackendException("the CDI specification cannot be read: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new BackendException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static ContainerEdits edits(Mapping owner) {
        return owner.mapping("containerEdits").map(ContainerEdits::of).orElse(ContainerEdits.NONE);
    }

    /** What all devices a service asks for need; throws when there is one that is not described here. */
    public ContainerEdits edits(Security security) {
        var all = ContainerEdits.NONE;
        for (var device : security.devices()) {
            if (isName(device)) {
                all = all.and(find(name(device)));
            }
        }
        for (var wanted : security.accelerators()) {
            for (var name : names(wanted)) {
                all = all.and(find(name));
            }
        }
        return all;
    }

    private ContainerEdits find(String name) {
        var found = devices.get(name);
        if (found == null) {
            throw new BackendException("device \"" + name + "\" is not described in " + places());
        }
        return found;
    }

    private List<String> names(Accelerator wanted) {
        if (wanted.driver().filter("cdi"::equals).isPresent()) {
            return wanted.ids();
        }
        var kind = kind(wanted);
        if (!wanted.ids().isEmpty()) {
            return wanted.ids().stream().map(id -> kind + "=" + id).toList();
        }
        var own = devices.keySet().stream()
                .filter(name -> name.startsWith(kind + "="))
                .toList();
        if (wanted.count() < 0 && own.contains(kind + "=" + ALL)) {
            return List.of(kind + "=" + ALL);
        }
        var single = own.stream().filter(name -> !name.endsWith("=" + ALL)).toList();
        if (wanted.count() > single.size()) {
            throw new BackendException(
                    wanted.count() + " devices of " + kind + " are wanted, there are " + single.size());
        }
        return wanted.count() < 0 ? single : single.subList(0, wanted.count());
    }

    /** The first kind of device whose class is wanted, of the driver's vendor if one is named. */
    private String kind(Accelerator wanted) {
        Optional<String> found = devices.keySet().stream()
                .map(name -> name.substring(0, Math.max(0, name.indexOf('='))))
                .filter(kind -> wanted.driver().map(kind::startsWith).orElse(true))
                .filter(kind -> wanted.capabilities().contains(kind.substring(kind.indexOf('/') + 1))
                        || (wanted.capabilities().isEmpty() && kind.endsWith("/" + GPU)))
                .findFirst();
        return found.orElseThrow(() -> new BackendException("no device"
                + wanted.driver().map(driver -> " of " + driver).orElse("")
                + (wanted.capabilities().isEmpty()
                        ? ""
                        : " with capabilities " + String.join(", ", wanted.capabilities()))
                + " is described in " + places() + "; let the vendor's tool write a CDI specification there"));
    }

    private String places() {
        return String.join(" or ", directories.stream().map(Path::toString).toList());
    }
}
