package dev.jcompose.runtime.linux.layer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The fixed fields in a tar's blocks of 512 bytes. */
final class TarBlock {
    static final int SIZE = 512;
    private static final int CHECKSUM = 148;
    private static final int NUMBER = 12;

    final byte[] bytes = new byte[SIZE];

    boolean isZero() {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** Some writers sum the bytes as signed numbers. */
    boolean hasChecksum() {
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < SIZE; i++) {
            byte b = i >= CHECKSUM && i < CHECKSUM + 8 ? (byte) ' ' : bytes[i];
            unsigned += b & 0xff;
            signed += b;
        }
        long stored = octal(CHECKSUM, 8);
        return stored == unsigned || stored == signed;
    }

    String text(int offset, int length) {
        int end = offset;
        while (end < offset + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, offset, end - offset, StandardCharsets.UTF_8);
    }

    /** A number in octal digits, or in binary when it does not fit. */
    long number(int offset, int length) {
        if ((bytes[offset] & 0x80) == 0) {
            return octal(offset, length);
        }
        boolean negative = (bytes[offset] & 0x40) != 0;
        long value = negative ? -1 : 0;
        for (int i = offset; i < offset + length; i++) {
            long next = i == offset ? (negative ? bytes[i] | 0xffffff80 : bytes[i] & 0x7f) : bytes[i] & 0xff;
            if (i > offset && value != (value << 8) >> 8) {
                throw new LayerException("the tar has a number that is too large");
            }
            value = i == offset ? next : (value << 8) | next;
        }
        return value;
    }

    private long octal(int offset, int length) {
        long value = 0;
        int i = offset;
        while (i < offset + length && bytes[i] == ' ') {
            i++;
        }
        for (; i < offset + length && bytes[i] != 0 && bytes[i] != ' '; i++) {
            if (bytes[i] < '0' || bytes[i] > '7') {
                throw new LayerException("the tar has a damaged number");
            }
            value = value * 8 + bytes[i] - '0';
        }
        return value;
    }

    /** Offsets and lengths of parts of a sparse file, in turns. */
    List<Long> sparse(int offset, int count) {
        var numbers = new ArrayList<Long>();
        for (int i = 0; i < count && bytes[offset + 2 * NUMBER * i] != 0; i++) {
            numbers.add(number(offset + 2 * NUMBER * i, NUMBER));
            numbers.add(number(offset + 2 * NUMBER * i + NUMBER, NUMBER));
        }
        return numbers;
    }
}
