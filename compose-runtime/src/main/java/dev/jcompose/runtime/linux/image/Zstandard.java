package dev.jcompose.runtime.linux.image;

import com.github.luben.zstd.ZstdInputStream;
import dev.jcompose.runtime.BackendException;
import java.io.IOException;
import java.io.InputStream;

/** Decompresses zstd; the library's native half is there for the common architectures only. */
final class Zstandard {
    /** The window that every decoder must allow is 8 MiB; more is what only {@code zstd --ultra --long} asks for. */
    private static final int MAX_WINDOW_LOG = 27;

    private Zstandard() {}

    static InputStream unpacked(InputStream compressed) throws IOException {
        try {
            return new ZstdInputStream(compressed).setLongMax(MAX_WINDOW_LOG);
        } catch (LinkageError e) {
            throw new BackendException(
                    "layers compressed by zstd cannot be unpacked on this machine (" + System.getProperty("os.arch")
                            + "): use an image whose layers are compressed by gzip",
                    e);
        }
    }
}
