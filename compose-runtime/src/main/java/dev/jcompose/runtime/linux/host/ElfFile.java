package dev.jcompose.runtime.linux.host;

import dev.jcompose.runtime.BackendException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a program or shared library says of what it needs (ELF, 64 bits, little endian).
 *
 * @param machine number of the processor's architecture
 * @param interpreter the loader that starts it; empty for libraries and static programs
 * @param needed names of libraries
 * @param rpath directories to look in, with those of whoever needs this file
 * @param runpath directories to look in for this file alone; where there are any, {@code rpath} does not count
 */
record ElfFile(
        int machine, Optional<String> interpreter, List<String> needed, List<String> rpath, List<String> runpath) {
    private static final int MAGIC = 0x464c457f;
    private static final int CLASS_64 = 2;
    private static final int LITTLE_ENDIAN = 1;
    private static final int HEADER = 64;
    private static final int SEGMENT = 56;
    private static final int ENTRY = 16;
    private static final int PT_LOAD = 1;
    private static final int PT_DYNAMIC = 2;
    private static final int PT_INTERP = 3;
    private static final int DT_NEEDED = 1;
    private static final int DT_STRTAB = 5;
    private static final int DT_STRSZ = 10;
    private static final int DT_RPATH = 15;
    private static final int DT_RUNPATH = 29;
    private static final int MAX_PART = 16 << 20;

    ElfFile {
        needed = List.copyOf(needed);
        rpath = List.copyOf(rpath);
        runpath = List.copyOf(runpath);
    }

    /** Whether a file starts as programs and libraries do. */
    static boolean isElf(byte[] start) {
        return start.length >= 4
                && ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getInt(0) == MAGIC;
    }

    /** Reads a file that {@link #isElf}. */
    static ElfFile read(Path file) throws IOException {
        try (var channel = FileChannel.open(file)) {
            return new Reader(file, channel).read();
        }
    }

    private record Segment(int type, long offset, long address, long size) {}

    private record Tag(long name, long value) {}

    private record Reader(Path file, FileChannel channel) {
        ElfFile read() throws IOException {
            var header = part(0, HEADER);
            if (header.get(4) != CLASS_64 || header.get(5) != LITTLE_ENDIAN) {
                throw new BackendException("\"" + file + "\" is a program of 32 bits, or for another kind of machine:"
                        + " images are made of programs that run here");
            }
            var segments = segments(header.getLong(32), Short.toUnsignedInt(header.getShort(56)));
            Optional<String> interpreter = Optional.empty();
            List<Tag> tags = List.of();
            for (var segment : segments) {
                if (segment.type() == PT_INTERP) {
                    interpreter = Optional.of(text(part(segment.offset(), segment.size()), 0));
                } else if (segment.type() == PT_DYNAMIC) {
                    tags = tags(part(segment.offset(), segment.size()));
                }
            }
            var texts = texts(tags, segments);
            return new ElfFile(
                    Short.toUnsignedInt(header.getShort(18)),
                    interpreter,
                    texts(tags, DT_NEEDED, texts),
                    directories(texts(tags, DT_RPATH, texts)),
                    directories(texts(tags, DT_RUNPATH, texts)));
        }

        private List<Segment> segments(long offset, int count) throws IOException {
            var table = part(offset, (long) count * SEGMENT);
            var segments = new ArrayList<Segment>();
            for (int at = 0; at < count * SEGMENT; at += SEGMENT) {
                segments.add(new Segment(
                        table.getInt(at), table.getLong(at + 8), table.getLong(at + 16), table.getLong(at + 32)));
            }
            return segments;
        }

        private static List<Tag> tags(ByteBuffer table) {
            var tags = new ArrayList<Tag>();
            for (int at = 0; at + ENTRY <= table.limit() && table.getLong(at) != 0; at += ENTRY) {
                tags.add(new Tag(table.getLong(at), table.getLong(at + 8)));
            }
            return tags;
        }

        /** The table of texts, which is named by the address it has when it is loaded. */
        private ByteBuffer texts(List<Tag> tags, List<Segment> segments) throws IOException {
            long address = value(tags, DT_STRTAB);
            long size = value(tags, DT_STRSZ);
            for (var segment : segments) {
                if (segment.type() == PT_LOAD
                        && address >= segment.address()
                        && address - segment.address() < segment.size()) {
                    return part(segment.offset() + address - segment.address(), size);
                }
            }
            return ByteBuffer.allocate(0);
        }

        private static long value(List<Tag> tags, int name) {
            return tags.stream()
                    .filter(tag -> tag.name() == name)
                    .mapToLong(Tag::value)
                    .findFirst()
                    .orElse(0);
        }

        private List<String> texts(List<Tag> tags, int name, ByteBuffer texts) {
            return tags.stream()
                    .filter(tag -> tag.name() == name)
                    .map(tag -> text(texts, tag.value()))
                    .toList();
        }

        private static List<String> directories(List<String> lists) {
            return lists.stream()
                    .flatMap(list -> List.of(list.split(":", -1)).stream())
                    .filter(directory -> !directory.isEmpty())
                    .toList();
        }

        private String text(ByteBuffer texts, long offset) {
            if (offset < 0 || offset >= texts.limit()) {
                throw damaged();
            }
            int end = (int) offset;
            while (end < texts.limit() && texts.get(end) != 0) {
                end++;
            }
            var bytes = new byte[end - (int) offset];
            texts.get((int) offset, bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }

        private ByteBuffer part(long offset, long size) throws IOException {
            if (offset < 0 || size < 0 || size > MAX_PART || offset > channel.size() - size) {
                throw damaged();
            }
            var part = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
            while (part.hasRemaining() && channel.read(part, offset + part.position()) > 0) {}
            return part.clear();
        }

        private BackendException damaged() {
            return new BackendException("\"" + file + "\" is a damaged program");
        }
    }
}
