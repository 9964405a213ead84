package dev.jcompose.runtime.linux.layer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.attribute.FileTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a tar of untrusted origin in one pass and in little memory, whatever the tar says of its sizes: ustar with the
 * extensions of pax and GNU, sparse files in all their forms. Names and attributes are taken as the bytes they are.
 */
public final class TarReader {
    private static final int MAX_EXTENSION = 1 << 20;
    private static final int MAX_SEGMENTS = 1 << 20;
    private static final int LINE = 20;

    private final InputStream in;
    private final TarBlock block = new TarBlock();
    private final PaxRecords global = new PaxRecords();
    private long position;
    private long content;
    private long padding;

    public TarReader(InputStream in) {
        this.in = in;
    }

    /** Where the current file's content starts, counted from the start of the tar, while none of it was read. */
    public long position() {
        return position;
    }

    /** The next file; empty at the end. */
    public Optional<TarHeader> next() throws IOException {
        var extensions = new Extensions();
        extensions.pax.putAll(global);
        while (true) {
            skip(content + padding);
            content = 0;
            padding = 0;
            if (!readBlock()) {
                return Optional.empty();
            }
            if (!block.hasChecksum()) {
                throw new LayerException("it is damaged, or no tar, at byte " + (position - TarBlock.SIZE));
            }
            if (!extensions.read()) {
                return Optional.of(header(extensions));
            }
        }
    }

    /** What the headers before a file's own say of it. */
    private final class Extensions {
        private final PaxRecords pax = new PaxRecords();
        private Optional<String> name = Optional.empty();
        private Optional<String> linkName = Optional.empty();

        /** Whether the current block is such a header. */
        boolean read() throws IOException {
            switch (type()) {
                case 'x', 'X' -> pax.read(extension());
                case 'g' -> {
                    var records = extension();
                    global.read(records);
                    pax.read(records);
                }
                case 'L' -> name = Optional.of(text(extension()));
                case 'K' -> linkName = Optional.of(text(extension()));
                default -> {
                    return false;
                }
            }
            return true;
        }

        private static String text(byte[] bytes) {
            int end = 0;
            while (end < bytes.length && bytes[end] != 0) {
                end++;
            }
            return new String(bytes, 0, end, java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    private char type() {
        return (char) (block.bytes[156] & 0xff);
    }

    private byte[] extension() throws IOException {
        long size = block.number(124, 12);
        if (size < 0 || size > MAX_EXTENSION) {
            throw new LayerException("the tar has a header of " + size + " bytes");
        }
        var bytes = new byte[(int) size];
        fill(bytes, bytes.length);
        padding = padding(size);
        return bytes;
    }

    private static long padding(long size) {
        return -size & (TarBlock.SIZE - 1);
    }

    private TarHeader header(Extensions extensions) throws IOException {
        var pax = extensions.pax;
        var name = pax.text("GNU.sparse.name")
                .or(() -> pax.text("path"))
                .or(() -> extensions.name)
                .orElseGet(this::shortName);
        var linkName = pax.text("linkpath").or(() -> extensions.linkName).orElseGet(() -> block.text(157, 100));
        char type = plainType(name);
        long mode = block.number(100, 8);
        long uid = pax.whole("uid").orElseGet(() -> block.number(108, 8));
        long gid = pax.whole("gid").orElseGet(() -> block.number(116, 8));
        var modified = modified(pax);
        boolean device = type == TarHeader.CHARACTER || type == TarHeader.BLOCK;
        long major = device ? block.number(329, 8) : 0;
        long minor = device ? block.number(337, 8) : 0;
        var sparse = sparse(pax, type);
        long size = sparse.isPresent() ? sparse.get().size() : content;
        var segments = sparse.map(Sparse::segments).orElseGet(() -> whole(size));
        return new TarHeader(
                name,
                type == 'S' ? TarHeader.FILE : type,
                (int) (mode & 07777),
                uid,
                gid,
                size,
                modified,
                linkName,
                major,
                minor,
                pax.attributes(),
                segments);
    }

    private static List<TarHeader.Segment> whole(long size) {
        return size == 0 ? List.of() : List.of(new TarHeader.Segment(0, size));
    }

    private String shortName() {
        var name = block.text(0, 100);
        var isUstar = block.text(257, 6).equals("ustar");
        var prefix = isUstar ? block.text(345, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private char plainType(String name) {
        return switch (type()) {
            case 0, '0', '7' -> name.endsWith("/") ? TarHeader.DIRECTORY : TarHeader.FILE;
            default -> type();
        };
    }

    private FileTime modified(PaxRecords pax) {
        var text = pax.text("mtime");
        try {
            return FileTime.from(text.isPresent() ? instant(text.get()) : Instant.ofEpochSecond(block.number(136, 12)));
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new LayerException("the tar has an impossible time", e);
        }
    }

    private static Instant instant(String text) {
        int dot = text.indexOf('.');
        if (dot < 0) {
            return Instant.ofEpochSecond(Long.parseLong(text));
        }
        var digits = (text.substring(dot + 1) + "000000000").substring(0, 9);
        long nanos = Integer.parseInt(digits);
        long seconds = dot == 0 || text.substring(0, dot).equals("-") ? 0 : Long.parseLong(text.substring(0, dot));
        return Instant.ofEpochSecond(seconds, text.startsWith("-") ? -nanos : nanos);
    }

    /** A sparse file's full size and what of it the tar holds. */
    private record Sparse(long size, List<TarHeader.Segment> segments) {}

    /** Finds out how much content follows, and how it is to be spread. */
    private Optional<Sparse> sparse(PaxRecords pax, char type) throws IOException {
        boolean hasContent = type < TarHeader.HARD_LINK || type > TarHeader.FIFO;
        content = hasContent ? pax.whole("size").orElseGet(() -> block.number(124, 12)) : 0;
        padding = padding(content);
        if (content < 0) {
            throw new LayerException("the tar has a file of " + content + " bytes");
        }
        Optional<List<Long>> map = Optional.empty();
        long size = pax.whole("GNU.sparse.realsize")
                .or(() -> pax.whole("GNU.sparse.size"))
                .orElse(content);
        if (type == 'S') {
            size = block.number(483, 12);
            map = Optional.of(oldMap());
        } else if (pax.whole("GNU.sparse.major").filter(major -> major == 1).isPresent()) {
            map = Optional.of(mapBeforeContent());
        } else if (pax.whole("GNU.sparse.numblocks").isPresent()
                || pax.text("GNU.sparse.map").isPresent()) {
            map = Optional.of(pax.sparseMap());
        }
        return map.isEmpty() ? Optional.empty() : Optional.of(new Sparse(size, segments(map.get(), size)));
    }

    private List<TarHeader.Segment> segments(List<Long> map, long size) {
        var segments = new ArrayList<TarHeader.Segment>();
        long end = 0;
        long stored = 0;
        for (int i = 0; i + 1 < map.size(); i += 2) {
            long offset = map.get(i);
            long length = map.get(i + 1);
            if (offset < end || length < 0 || offset > size - length) {
                throw new LayerException("the tar has a sparse file with an impossible map");
            }
            end = offset + length;
            stored += length;
            if (length > 0) {
                segments.add(new TarHeader.Segment(offset, length));
            }
        }
        if (stored != content || map.size() % 2 != 0) {
            throw new LayerException("the tar has a sparse file whose map is not that of its content");
        }
        return segments;
    }

    /** GNU's own form: four parts in the header, others in blocks after it. */
    private List<Long> oldMap() throws IOException {
        var map = new ArrayList<>(block.sparse(386, 4));
        boolean more = block.bytes[482] != 0;
        while (more) {
            if (!readBlock()) {
                throw new LayerException("the tar ends too early");
            }
            map.addAll(block.sparse(0, 21));
            more = block.bytes[504] != 0;
            checkLength(map.size() / 2);
        }
        return map;
    }

    /** The form 1.0: numbers in lines at the start of the content, filled up to a whole block. */
    private List<Long> mapBeforeContent() throws IOException {
        long start = position;
        long count = line();
        checkLength(count);
        var map = new ArrayList<Long>();
        for (long i = 0; i < 2 * count; i++) {
            map.add(line());
        }
        long read = position - start;
        skip(padding(read));
        content -= read + padding(read);
        return map;
    }

    private static void checkLength(long count) {
        if (count < 0 || count > MAX_SEGMENTS) {
            throw new LayerException("the tar has a sparse file of " + count + " parts");
        }
    }

    private long line() throws IOException {
        long number = 0;
        for (int i = 0; i < LINE; i++) {
            int c = in.read();
            position++;
            if (c == '\n') {
                return number;
            }
            if (c < '0' || c > '9') {
                break;
            }
            number = number * 10 + c - '0';
        }
        throw new LayerException("the tar has a sparse file with a damaged map");
    }

    /** Content of the current file; -1 after its end. */
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (content == 0) {
            return -1;
        }
        int n = in.read(buffer, offset, (int) Math.min(length, content));
        if (n < 0) {
            throw new LayerException("the tar ends too early");
        }
        position += n;
        content -= n;
        return n;
    }

    private boolean readBlock() throws IOException {
        int n = in.readNBytes(block.bytes, 0, TarBlock.SIZE);
        position += n;
        if (n != 0 && n != TarBlock.SIZE) {
            throw new LayerException("the tar ends too early");
        }
        return n != 0 && !block.isZero();
    }

    private void fill(byte[] bytes, int length) throws IOException {
        int n = in.readNBytes(bytes, 0, length);
        position += n;
        if (n != length) {
            throw new LayerException("the tar ends too early");
        }
    }

    private void skip(long bytes) throws IOException {
        try {
            in.skipNBytes(bytes);
        } catch (java.io.EOFException e) {
            throw new LayerException("the tar ends too early", e);
        }
        position += bytes;
    }
}
