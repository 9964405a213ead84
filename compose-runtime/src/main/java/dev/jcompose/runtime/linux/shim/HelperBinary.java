package dev.jcompose.runtime.linux.shim;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.BackendUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The C helper {@code jcr}, unpacked from our own jar once, under a name that tells its content. */
public final class HelperBinary {
    private final Path directory;
    private final String resource;

    public HelperBinary(Path directory) {
        this(directory, "/native/linux-" + architecture() + "/jcr");
    }

    HelperBinary(Path directory, String resource) {
        this.directory = directory;
        this.resource = resource;
    }

    /** This machine's architecture in the kernel's words. */
    public static String architecture() {
        var arch = System.getProperty("os.arch", "");
        return arch.equals("amd64") ? "x86_64" : arch;
    }

    /** The executable, unpacked when it is not there yet. */
    public Path path() {
        var file = directory.resolve("jcr-" + digest().substring(0, 16));
        if (!Files.isExecutable(file)) {
            unpack(file, content(resource));
        }
        return file;
    }

    /** The build leaves the digest beside the binary: hashing it in a cold JVM would cost more than a container's start. */
    private String digest() {
        if (HelperBinary.class.getResource(resource + ".sha256") != null) {
            return new String(content(resource + ".sha256"), StandardCharsets.US_ASCII).strip();
        }
        return sha256(content(resource));
    }

    private static byte[] content(String resource) {
        try (var in = HelperBinary.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new BackendUnavailableException(
                        "the native backend has no helper for " + architecture()
                                + " processors in this build of jcompose; use another backend or build jcompose on this machine");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new BackendException("cannot read the helper inside the jcompose jar: " + e.getMessage(), e);
        }
    }

    private void unpack(Path file, byte[] content) {
        try {
            Files.createDirectories(directory);
            var temporary = Files.createTempFile(
                    directory,
                    ".jcr",
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.write(temporary, content);
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("r-x------"));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new BackendUnavailableException("cannot unpack the helper to " + file + ": " + DurableFile.reason(e));
        }
        if (!Files.isExecutable(file)) {
            throw noExec(file);
        }
    }

    /** What to tell when the system refuses to execute it. */
    static BackendUnavailableException noExec(Path file) {
        return new BackendUnavailableException("cannot execute " + file
                + ": its file system is probably mounted noexec; set JCOMPOSE_STATE_DIR to a directory on another one");
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
