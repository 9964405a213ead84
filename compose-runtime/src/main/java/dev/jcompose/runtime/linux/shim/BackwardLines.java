package dev.jcompose.runtime.linux.shim;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;

/** Finds where the last lines of a log file begin by reading it from its end. */
final class BackwardLines {
    /** Where a record's {@code F} or {@code P} stands: after the time, the stream and two spaces. */
    static final int MARK = 33;

    private static final int BLOCK = 64 << 10;
    private static final int AHEAD = MARK + 2;

    private final RandomAccessFile file;
    private long missing;
    private long start;
    private boolean found;

    /** Looks for the beginning of the last {@code wanted} whole lines. */
    BackwardLines(RandomAccessFile file, long wanted) throws IOException {
        this.file = file;
        this.missing = wanted;
        search();
    }

    /** How many of the lines wanted this file does not have. */
    long missing() {
        return missing;
    }

    /** Where to begin reading; 0 when the file has too few lines. */
    long start() {
        return missing > 0 ? 0 : start;
    }

    private void search() throws IOException {
        long end = file.length();
        start = end;
        var block = ByteBuffer.allocate(BLOCK + AHEAD);
        for (long to = end; to > 0 && !found; to -= BLOCK) {
            long from = Math.max(0, to - BLOCK);
            block.clear();
            fill(block, from);
            scan(block, from, to);
        }
    }

    private void fill(ByteBuffer block, long from) throws IOException {
        file.seek(from);
        var bytes = new byte[block.remaining()];
        for (int read = file.read(bytes); read > 0; read = file.read(bytes, 0, block.remaining())) {
            block.put(bytes, 0, read);
        }
        block.flip();
    }

    /** A record begins at the file's start and after every line end. */
    private void scan(ByteBuffer block, long from, long to) {
        for (int i = (int) (to - from) - 1; i >= 0 && !found; i--) {
            if (block.get(i) == '\n') {
                record(block, i + 1, from);
            }
        }
        if (from == 0 && !found) {
            record(block, 0, 0);
        }
    }

    /** {@code start} is the record after this one: where reading begins once this one is a line too many. */
    private void record(ByteBuffer block, int at, long from) {
        if (at + MARK >= block.limit()) {
            return;
        }
        if (block.get(at + MARK) == 'F') {
            if (missing == 0) {
                found = true;
                return;
            }
            missing--;
        }
        start = from + at;
    }
}
