package dev.jcompose.runtime.linux.layer;

import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;

/**
 * What a tar says of one file.
 *
 * @param type as in the tar, with the several words for a regular file made one
 * @param size of the file; of its content in the tar, a sparse file's holes are missing
 * @param attributes extended attributes by name
 * @param segments where the content in the tar belongs; a file without holes has one or, being empty, none
 */
public record TarHeader(
        String name,
        char type,
        int mode,
        long uid,
        long gid,
        long size,
        FileTime modified,
        String linkName,
        long devMajor,
        long devMinor,
        Map<String, byte[]> attributes,
        List<Segment> segments) {
    public static final char FILE = '0';
    public static final char HARD_LINK = '1';
    public static final char LINK = '2';
    public static final char CHARACTER = '3';
    public static final char BLOCK = '4';
    public static final char DIRECTORY = '5';
    public static final char FIFO = '6';

    public TarHeader {
        attributes = Map.copyOf(attributes);
        segments = List.copyOf(segments);
    }

    /** A part of a file that is not a hole. */
    public record Segment(long offset, long length) {}

    public boolean isDirectory() {
        return type == DIRECTORY;
    }

    /** How many bytes of content the tar has. */
    public long stored() {
        return segments.stream().mapToLong(Segment::length).sum();
    }
}
