package dev.jcompose.runtime.linux.host;

import dev.jcompose.runtime.BackendException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds what programs need to run: their loader, libraries of libraries, interpreters of scripts, data that is known. */
final class Programs {
    private static final int START = 256;
    private static final int MAX_INTERPRETERS = 4;

    private final HostFiles files;
    private final LibraryPath libraries;
    private final Machine machine;
    private final List<Path> searchPath;
    private final Set<Path> seen = new HashSet<>();
    private final Set<String> unusual = new LinkedHashSet<>();

    Programs(HostFiles files, List<Path> searchPath) {
        this.files = files;
        this.machine = Machine.here();
        this.libraries = new LibraryPath(Path.of("/"), machine);
        this.searchPath = List.copyOf(searchPath);
    }

    /** Directories of libraries that a loader does not look into by itself. */
    List<String> unusualDirectories() {
        return List.copyOf(unusual);
    }

    /** Takes a program along, by its name or path; returns its path. */
    Path add(String program) throws IOException {
        return add(find(program), 0);
    }

    private Path find(String program) {
        if (program.contains("/")) {
            var path = Path.of(program).toAbsolutePath().normalize();
            if (!Files.exists(path)) {
                throw new BackendException("program \"" + program + "\" does not exist");
            }
            return path;
        }
        return searchPath.stream()
                .map(directory -> directory.resolve(program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst()
                .orElseThrow(() -> new BackendException("program \"" + program + "\" is not on this machine: it is in"
                        + " none of the directories of PATH"));
    }

    private Path add(Path program, int depth) throws IOException {
        var real = files.add(program).orElseThrow(() -> new BackendException("\"" + program + "\" is a dead link"));
        if (!Files.isRegularFile(real) || !Files.isExecutable(real)) {
            throw new BackendException("\"" + program + "\" is not a file that can be executed");
        }
        var start = start(real);
        if (ElfFile.isElf(start)) {
            addElf(real, List.of(), true);
            addData(real);
        } else if (start.length > 2 && start[0] == '#' && start[1] == '!') {
            addInterpreter(program, start, depth);
        } else {
            throw new BackendException("\"" + program + "\" is no program: it starts neither as ELF nor with #!");
        }
        return program;
    }

    private static byte[] start(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(START);
        }
    }

    private void addInterpreter(Path script, byte[] start, int depth) throws IOException {
        if (depth >= MAX_INTERPRETERS) {
            throw new BackendException("\"" + script + "\": its interpreter is a script of a script of a script");
        }
        var line = new String(start, 2, start.length - 2, StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("");
        var words = List.of(line.strip().split("\\s+"));
        var interpreter = Path.of(words.getFirst());
        if (!interpreter.isAbsolute() || !Files.exists(interpreter)) {
            throw new BackendException(
                    "\"" + script + "\" needs \"" + words.getFirst() + "\", which is not on this machine");
        }
        add(interpreter, depth + 1);
        if (interpreter.endsWith("env")) {
            var program = words.stream()
                    .skip(1)
                    .filter(word -> !word.startsWith("-") && !word.contains("="))
                    .findFirst();
            if (program.isPresent()) {
                add(find(program.get()), depth + 1);
            }
        }
    }

    /** Takes files along that may be programs or libraries; what those need and is not here does not matter. */
    void addNeedsOf(List<Path> some) throws IOException {
        for (var file : some) {
            if (ElfFile.isElf(start(file))) {
                addElf(file, List.of(), false);
            }
        }
    }

    private void addElf(Path file, List<Path> inherited, boolean required) throws IOException {
        if (!seen.add(file)) {
            return;
        }
        var elf = ElfFile.read(file);
        if (elf.machine() != machine.number()) {
            if (required) {
                throw new BackendException("\"" + file + "\" is a program for another kind of machine");
            }
            return;
        }
        if (elf.interpreter().isPresent()) {
            require(elf.interpreter().get(), files.add(Path.of(elf.interpreter().get())), file);
        }
        var passedOn = new ArrayList<>(elf.runpath().isEmpty() ? libraries.expand(elf.rpath(), file) : List.of());
        passedOn.addAll(inherited);
        for (var name : elf.needed()) {
            var library = libraries.find(name, file, elf, inherited);
            if (library.isPresent()) {
                addLibrary(library.get(), elf, passedOn);
            } else if (required) {
                require(name, Optional.empty(), file);
            }
        }
    }

    private static void require(String name, Optional<Path> found, Path neededBy) {
        if (found.isEmpty()) {
            throw new BackendException("\"" + neededBy + "\" needs " + name + ", which is not on this machine");
        }
    }

    private void addLibrary(Path library, ElfFile neededBy, List<Path> passedOn) throws IOException {
        var real = files.add(library).orElseThrow();
        var directory = library.getParent();
        boolean usual =
                libraries.standard().contains(directory) || !neededBy.runpath().isEmpty() || !passedOn.isEmpty();
        if (!usual) {
            unusual.add(String.valueOf(directory));
        }
        if (String.valueOf(library.getFileName()).equals("libc.so.6")) {
            addModules(library);
        }
        addElf(real, passedOn, true);
    }

    /** What the C library opens by name only when it is asked for users, hosts or a locale. */
    private void addModules(Path libc) throws IOException {
        for (var module : List.of("libnss_files.so.2", "libnss_dns.so.2", "libresolv.so.2")) {
            var file = libc.resolveSibling(module);
            if (Files.exists(file)) {
                addElf(files.add(file).orElseThrow(), List.of(), false);
            }
        }
        for (var locale : List.of("/usr/lib/locale/C.utf8", "/usr/lib/locale/C.UTF-8")) {
            files.addTree(Path.of(locale));
        }
        files.text("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
    }

    private void addData(Path program) throws IOException {
        for (var directory : KnownData.of(program, machine)) {
            if (Files.isDirectory(directory) && !seen.contains(directory)) {
                seen.add(directory);
                addNeedsOf(files.addTree(directory));
            }
        }
    }
}
