package dev.jcompose.runtime.linux.shim;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Frames as bytes: a little-endian length before each. */
public final class Frames {
    private Frames() {}

    /** The frames one after another. */
    public static byte[] encode(List<Frame> frames) {
        int size = 0;
        for (var frame : frames) {
            size += Integer.BYTES + checkedLength(frame);
        }
        var buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        for (var frame : frames) {
            buffer.putInt(frame.body().length).put(frame.body());
        }
        return buffer.array();
    }

    private static int checkedLength(Frame frame) {
        int length = frame.body().length;
        if (length > Frame.MAXIMUM) {
            throw new FrameException(
                    "frame \"" + frame.key() + "\" has " + length + " bytes, more than " + Frame.MAXIMUM);
        }
        return length;
    }

    /** Frames up to the end, or up to where the bytes stop being whole frames. */
    public static List<Frame> decode(byte[] bytes) {
        List<Frame> frames = new ArrayList<>();
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.remaining() >= Integer.BYTES) {
            int length = buffer.getInt();
            if (length < 1 || length > Frame.MAXIMUM || length > buffer.remaining()) {
                break;
            }
            byte[] body = new byte[length];
            buffer.get(body);
            frames.add(Frame.ofBody(body));
        }
        return frames;
    }

    /** The next frame of a stream, or empty at its end. */
    public static Optional<Frame> read(InputStream in) throws IOException {
        byte[] header = in.readNBytes(Integer.BYTES);
        if (header.length == 0) {
            return Optional.empty();
        }
        if (header.length < Integer.BYTES) {
            throw new EOFException("the stream ended inside a frame");
        }
        int length = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (length < 1 || length > Frame.MAXIMUM) {
            throw new FrameException("a frame of " + length + " bytes");
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the stream ended inside a frame");
        }
        return Optional.of(Frame.ofBody(body));
    }
}
