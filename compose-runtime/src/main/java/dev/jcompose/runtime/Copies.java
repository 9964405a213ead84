package dev.jcompose.runtime;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * Files on their way into containers and out of them, whether they run or not. Paths in a container are resolved inside of it: no
 * link leads out.
 */
public interface Copies {
    /** What a copy keeps. {@code archive}: owners; {@code follow}: what a link leads to, instead of the link. */
    record Options(boolean archive, boolean follow) {}

    /** Copies a file or directory of this machine. */
    void into(String id, String source, String target, Options options) throws InterruptedException;

    /** Copies a file or directory of the container. {@code source} and {@code target} may end with {@code /} or {@code /.}. */
    void outOf(String id, String source, String target, Options options) throws InterruptedException;

    /** Unpacks a tar into a directory of the container. */
    void unpack(String id, String directory, InputStream tar, Options options) throws InterruptedException;

    /** Packs a file or directory of the container. */
    void pack(String id, String path, OutputStream tar, Options options) throws InterruptedException;

    /** Packs the root file system, without what is mounted into it. */
    void export(String id, OutputStream tar) throws InterruptedException;
}
