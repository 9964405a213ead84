package dev.jcompose.runtime.linux.shim;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.LogReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Reads a container's log files from the oldest to the newest and then what is added, across rotation: a file keeps its
 * identity while its name changes.
 */
public final class FileLogReader implements LogReader {
    private static final int CHUNK = 256 << 10;
    private static final long FIRST_PAUSE = 10;
    private static final long LONGEST_PAUSE = 100;

    private final Path directory;
    private ByteBuffer buffer = ByteBuffer.allocate(CHUNK).limit(0);
    private Optional<Opened> current = Optional.empty();
    private Instant since = Instant.MIN;

    /** Not a channel: an interrupt, which asks a reader to stop waiting, would close that. */
    private record Opened(RandomAccessFile file, Object key) {}

    /** Reads the files in a container's {@code log} directory, of which there may be none yet. */
    public FileLogReader(Path directory) {
        this.directory = directory;
    }

    @Override
    public void seek(OptionalLong lines, Optional<Instant> since) {
        this.since = since.orElse(Instant.MIN);
        if (lines.isEmpty()) {
            return;
        }
        long missing = lines.getAsLong();
        try {
            for (int i = 0; ; i++) {
                var opened = open(i);
                if (opened.isEmpty()) {
                    return;
                }
                close();
                current = opened;
                var found = new BackwardLines(opened.get().file(), missing);
                opened.get().file().seek(found.start());
                missing = found.missing();
                if (missing == 0) {
                    return;
                }
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public int read(Duration wait, Consumer<LogLine> sink) throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        long pause = FIRST_PAUSE;
        while (true) {
            int count = readAvailable(sink);
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (count > 0 || left <= 0) {
                return count;
            }
            Thread.sleep(Math.min(pause, left));
            pause = Math.min(LONGEST_PAUSE, pause * 2);
        }
    }

    private int readAvailable(Consumer<LogLine> sink) {
        try {
            while (true) {
                if (current.isEmpty()) {
                    current = oldest();
                }
                if (current.isEmpty()) {
                    return 0;
                }
                if (!fill(current.get().file()) && !advance()) {
                    return 0;
                }
                int count = deliver(sink);
                if (count > 0) {
                    return count;
                }
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private boolean fill(RandomAccessFile file) throws IOException {
        buffer.compact();
        if (!buffer.hasRemaining()) {
            buffer = ByteBuffer.allocate(buffer.capacity() * 2).put(buffer.flip());
        }
        int read = file.read(buffer.array(), buffer.position(), buffer.remaining());
        buffer.position(buffer.position() + Math.max(0, read)).flip();
        return read > 0;
    }

    /** To the next newer file, if the current one has been rotated away and read to its end. */
    private boolean advance() throws IOException {
        var key = current.orElseThrow().key();
        if (key(0).filter(key::equals).isPresent() || key(0).isEmpty()) {
            return false;
        }
        if (fill(current.orElseThrow().file())) {
            return true; // written between our last look and the rotation
        }
        var next = newerThan(key).or(this::oldest);
        close();
        buffer.limit(0);
        current = next;
        return next.isPresent();
    }

    private Optional<Opened> newerThan(Object key) {
        for (int i = 1; ; i++) {
            var candidate = key(i);
            if (candidate.isEmpty()) {
                return Optional.empty();
            }
            if (candidate.get().equals(key)) {
                return open(i - 1);
            }
        }
    }

    private Optional<Opened> oldest() {
        int last = 0;
        while (Files.exists(file(last + 1))) {
            last++;
        }
        return open(last).or(() -> open(0));
    }

    private Path file(int number) {
        return directory.resolve(number + ".log");
    }

    /** Opens a file that keeps its name meanwhile: the writer may make it or rotate it away at any moment. */
    private Optional<Opened> open(int number) {
        var key = key(number);
        while (key.isPresent()) {
            var opened = open(number, key.get());
            if (opened.isPresent()) {
                return opened;
            }
            key = key(number);
        }
        return Optional.empty();
    }

    private Optional<Opened> open(int number, Object key) {
        try {
            var file = new RandomAccessFile(file(number).toFile(), "r");
            if (key(number).equals(Optional.of(key))) {
                return Optional.of(new Opened(file, key));
            }
            file.close();
        } catch (IOException e) {
            if (key(number).equals(Optional.of(key))) {
                throw failure(e);
            }
        }
        return Optional.empty();
    }

    private Optional<Object> key(int number) {
        try {
            return Optional.ofNullable(Files.readAttributes(file(number), BasicFileAttributes.class)
                    .fileKey());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private int deliver(Consumer<LogLine> sink) {
        byte[] bytes = buffer.array();
        List<LogLine> lines = new ArrayList<>();
        int start = buffer.position();
        for (int i = start; i < buffer.limit(); i++) {
            if (bytes[i] == '\n') {
                parse(bytes, start, i)
                        .filter(line -> !line.at().isBefore(since))
                        .ifPresent(lines::add);
                start = i + 1;
            }
        }
        buffer.position(start);
        lines.forEach(sink);
        return lines.size();
    }

    private static Optional<LogLine> parse(byte[] bytes, int start, int end) {
        int text = start + BackwardLines.MARK + 2;
        if (text > end) {
            return Optional.empty();
        }
        return Optional.of(new LogLine(
                LogTime.parse(bytes, start),
                bytes[start + BackwardLines.MARK - 2] == 'e',
                bytes[start + BackwardLines.MARK] == 'F',
                new String(bytes, text, end - text, UTF_8)));
    }

    private BackendException failure(IOException e) {
        return new BackendException("cannot read the log in " + directory + ": " + DurableFile.reason(e), e);
    }

    @Override
    public void close() {
        try {
            if (current.isPresent()) {
                current.get().file().close();
            }
            current = Optional.empty();
        } catch (IOException e) {
            throw failure(e);
        }
    }
}
