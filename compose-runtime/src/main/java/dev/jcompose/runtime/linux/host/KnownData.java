package dev.jcompose.runtime.linux.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Directories that well-known programs read at run time, which their files do not tell. */
final class KnownData {
    private static final Pattern PYTHON = Pattern.compile("python\\d+\\.\\d+");
    private static final Pattern PERL = Pattern.compile("perl(5.*)?");
    private static final List<Path> CERTIFICATES = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/ca-bundle.pem"),
            Path.of("/etc/ssl/cert.pem"));

    private KnownData() {}

    /** What a program reads, whether it is there or not; also for one that is installed in a place of its own. */
    static List<Path> of(Path program, Machine machine) throws IOException {
        var name = String.valueOf(program.getFileName());
        var python = PYTHON.matcher(name);
        if (python.matches()) {
            var prefix = program.resolveSibling("..").normalize();
            return List.of(
                    prefix.resolve("lib").resolve(name),
                    prefix.resolve("lib64").resolve(name),
                    Path.of("/usr/local/lib", name));
        }
        if (PERL.matcher(name).matches()) {
            var all = new ArrayList<Path>();
            var libraries = Path.of("/usr/lib", machine.triplet());
            all.add(libraries.resolve("perl-base"));
            all.addAll(children(libraries.resolve("perl")));
            all.addAll(children(Path.of("/usr/share/perl")));
            return all;
        }
        return name.equals("git") ? List.of(Path.of("/usr/lib/git-core"), Path.of("/usr/share/git-core")) : List.of();
    }

    private static List<Path> children(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    /** Where systems keep the certificates they trust, one of which is there. */
    static List<Path> certificates() {
        return CERTIFICATES.stream().filter(Files::exists).toList();
    }
}
