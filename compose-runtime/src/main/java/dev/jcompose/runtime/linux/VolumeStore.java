package dev.jcompose.runtime.linux;

import dev.jcompose.model.VolumeConfig;
import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.NotFoundException;
import dev.jcompose.runtime.linux.shim.DurableFile;
import dev.jcompose.runtime.linux.shim.Frame;
import dev.jcompose.runtime.linux.shim.Frames;
import dev.jcompose.runtime.linux.shim.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Volumes on disk: a directory of data, and a file that says whose it is. */
final class VolumeStore {
    private static final String PREPARED = "_prepared";
    private static final String FILLED = "filled";

    private final Path directory;

    VolumeStore(Path directory) {
        this.directory = directory;
    }

    /**
     * A volume as it lies on disk.
     *
     * @param device what it stands for instead of its own directory, if anything
     */
    record StoredVolume(String name, String project, String key, String configHash, VolumeDevice device) {}

    Optional<StoredVolume> find(String name) {
        return DurableFile.read(home(name).resolve("volume"))
                .map(Frames::decode)
                .filter(frames -> !frames.isEmpty() && frames.getLast().key().equals("end"))
                .map(frames -> decode(frames.getFirst()));
    }

    private static StoredVolume decode(Frame frame) {
        return new StoredVolume(
                frame.text(1),
                frame.text(2),
                frame.text(3),
                frame.text(4),
                new VolumeDevice(frame.text(6), frame.text(5), frame.text(7)));
    }

    /** Every volume, in order of names. */
    List<StoredVolume> list() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var entries = Files.list(directory)) {
            return entries.map(entry -> find(String.valueOf(entry.getFileName())))
                    .flatMap(Optional::stream)
                    .sorted((one, other) -> one.name().compareTo(other.name()))
                    .toList();
        } catch (IOException e) {
            throw new BackendException("cannot list " + directory + ": " + DurableFile.reason(e), e);
        }
    }

    /** Makes a declared volume; one that exists already is left as it is. */
    void create(String project, VolumeConfig config) {
        if (find(config.name()).isEmpty()) {
            var device = VolumeDevice.of(config.driverOptions()).withAddresses();
            store(new StoredVolume(config.name(), project, config.key(), config.configHash(), device));
        }
    }

    /** Makes a volume for the container that it is named after. */
    void createAnonymous(String project, String name) {
        store(new StoredVolume(name, project, "", "", VolumeDevice.NONE));
    }

    private void store(StoredVolume volume) {
        var home = home(volume.name());
        try {
            Files.createDirectories(home.resolve("_data"));
        } catch (IOException e) {
            throw new BackendException("cannot create " + home + ": " + DurableFile.reason(e), e);
        }
        List<Frame> frames = new ArrayList<>();
        frames.add(Frame.of(
                "volume",
                volume.name(),
                volume.project(),
                volume.key(),
                volume.configHash(),
                volume.device().device(),
                volume.device().type(),
                volume.device().options()));
        frames.add(Frame.of("end", "1"));
        DurableFile.replace(home.resolve("volume"), Frames.encode(frames));
    }

    /** Where the data of an existing volume is. */
    Path data(String name) {
        var device = require(name).device();
        return device.isBind() ? Path.of(device.device()) : home(name).resolve("_data");
    }

    StoredVolume require(String name) {
        return find(name)
                .orElseThrow(() -> new NotFoundException("volume \"" + name + "\" does not exist; create it first"));
    }

    /**
     * Lets {@code copy} fill a directory with what an unused volume of our own is to start with; at most once in its life. The
     * data directory itself stays the same one, since containers may have bound it already.
     */
    void fill(String name, Consumer<Path> copy) {
        var lock = LockFile.acquire(home(name).resolve("lock"));
        try {
            finish(name);
            if (isUnused(name)) {
                copy.accept(preparation(name));
                FileTrees.rename(home(name).resolve("_preparing"), home(name).resolve(PREPARED));
                finish(name);
            }
        } finally {
            lock.close();
        }
    }

    /** A device elsewhere is not ours to fill. */
    private boolean isUnused(String name) {
        if (Files.exists(home(name).resolve(FILLED))
                || find(name)
                        .filter(volume -> !volume.device().equals(VolumeDevice.NONE))
                        .isPresent()) {
            return false;
        }
        try (var entries = Files.newDirectoryStream(home(name).resolve("_data"))) {
            return !entries.iterator().hasNext();
        } catch (IOException e) {
            throw new BackendException("cannot read volume \"" + name + "\": " + DurableFile.reason(e), e);
        }
    }

    /** Moves what was prepared, perhaps by a command that was cut off here, into the data directory. */
    private void finish(String name) {
        var prepared = home(name).resolve(PREPARED);
        if (Files.exists(prepared)) {
            FileTrees.moveContent(prepared, home(name).resolve("_data"));
            DurableFile.replace(home(name).resolve(FILLED), new byte[0]);
            FileTrees.delete(prepared);
        }
    }

    /** A place beside the data; a copy that was cut off is thrown away. */
    private Path preparation(String name) {
        var place = home(name).resolve("_preparing");
        FileTrees.delete(place);
        FileTrees.createIn(place);
        return place;
    }

    void remove(String name) {
        FileTrees.delete(home(name));
    }

    private Path home(String name) {
        return directory.resolve(name);
    }
}
