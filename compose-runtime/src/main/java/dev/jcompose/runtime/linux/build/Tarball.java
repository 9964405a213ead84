package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.build.BuildException;
import dev.jcompose.runtime.build.Instruction;
import dev.jcompose.runtime.linux.layer.LayerExtractor;
import dev.jcompose.runtime.linux.layer.LayerLimits;
import dev.jcompose.runtime.linux.layer.LayeredFiles;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** Tars that ADD unpacks, recognised by their content as Docker does, not by their names. */
final class Tarball {
    private static final int HEADER = 512;
    private static final byte[] XZ = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0};

    private Tarball() {}

    static boolean isTar(Instruction.Copy copy, LayeredFiles.Found file) {
        if (!file.stat().isRegularFile() || file.stat().size() == 0) {
            return false;
        }
        try (var in = open(file.file())) {
            var start = in.readNBytes(HEADER);
            if (startsWith(start, XZ) && String.valueOf(file.file()).matches(".*\\.(tar\\.xz|txz)")) {
                throw new BuildException(
                        copy.place(),
                        "ADD of \"" + file.path() + "\": xz archives are not supported"
                                + " yet: unpack it or compress it with gzip");
            }
            return start.length == HEADER && TarArchiveInputStream.matches(start, HEADER);
        } catch (IOException e) {
            return false; // what cannot be decompressed is copied as it is
        }
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.mismatch(bytes, start) == start.length;
    }

    static void unpack(LayeredFiles.Found file, Path directory) throws IOException {
        try (var in = open(file.file())) {
            LayerExtractor.extract(in, directory, new LayeredFiles(List.of()), LayerLimits.DEFAULT);
        }
    }

    /** Downloads an archive and unpacks it into a new directory. */
    static Path download(String subject, String address, Path directory) throws IOException, InterruptedException {
        var archive = directory.resolve("context.tar");
        try (var client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofFile(archive));
            if (answer.statusCode() != 200) {
                throw new BackendException(subject + ": " + address + " answers " + answer.statusCode());
            }
        }
        var files = Files.createDirectory(directory.resolve("files"));
        try (var in = open(archive)) {
            LayerExtractor.extract(in, files, new LayeredFiles(List.of()), LayerLimits.DEFAULT);
        }
        return files;
    }

    private static InputStream open(Path file) throws IOException {
        var in = new BufferedInputStream(Files.newInputStream(file));
        try {
            in.mark(HEADER);
            var start = in.readNBytes(3);
            in.reset();
            if (startsWith(start, new byte[] {0x1f, (byte) 0x8b})) {
                return new GZIPInputStream(in);
            }
            return startsWith(start, new byte[] {'B', 'Z', 'h'}) ? new BZip2CompressorInputStream(in, true) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }
}
