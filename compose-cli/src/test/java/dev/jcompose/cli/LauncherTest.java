package dev.jcompose.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script, with an installed jar and Javas that only say how they were called. */
class LauncherTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private Path launcher;
    private Path java25;

    @BeforeEach
    void install() throws Exception {
        var installed = Files.createDirectories(directory.resolve("install dir"));
        launcher = installed.resolve("jcompose");
        Files.copy(Path.of("..", "jcompose"), launcher);
        executable(launcher);
        Files.writeString(installed.resolve("jcompose.jar"), "jar");
        age(installed.resolve("jcompose.jar"));
        java25 = java("25.0.1");
    }

    @Test
    void the_java_named_runs_the_jar_with_all_arguments() throws Exception {
        assertThat(run(launcher, java25, "up", "-d", "a b").lines().toList())
                .contains("<dev.jcompose.cli.Main>", "<up>", "<-d>", "<a b>")
                .contains("<" + launcher.resolveSibling("jcompose.jar") + ">");
    }

    @Test
    void it_works_through_links_under_another_name() throws Exception {
        var link = Files.createSymbolicLink(directory.resolve("docker-compose"), launcher);
        var linkToLink = Files.createSymbolicLink(directory.resolve("dc"), Path.of("docker-compose"));

        assertThat(run(linkToLink, java25, "ps")).contains("<ps>");
        assertThat(run(link, java25, "ps")).contains("<ps>");
    }

    @Test
    void an_older_java_is_refused_in_one_line() throws Exception {
        var old = java("17.0.15");

        assertThat(run(launcher, old, "ps"))
                .isEqualTo("jcompose: JCOMPOSE_JAVA=%s is not a Java 25 or newer%n".formatted(old));
    }

    @Test
    void later_calls_use_the_cache_the_first_one_had_made() throws Exception {
        assertThat(run(launcher, java25, "ps")).doesNotContain("AOTCache=");
        awaitCache();

        assertThat(run(launcher, java25, "ps")).contains("<-XX:AOTCache=", "<ps>");
    }

    @Test
    void a_new_jar_gets_a_new_cache_and_the_old_one_goes() throws Exception {
        run(launcher, java25, "ps");
        var old = awaitCache();
        Files.writeString(launcher.resolveSibling("jcompose.jar"), "a newer jar");

        assertThat(run(launcher, java25, "ps")).doesNotContain("AOTCache=");
        awaitGone(old);
    }

    @Test
    void a_checkout_is_built_once_for_sources_newer_than_the_jar_even_when_that_makes_no_new_jar() throws Exception {
        var checkout = directory.resolve("install dir");
        var jar =
                Files.createDirectories(checkout.resolve("compose-cli/target")).resolve("jcompose.jar");
        Files.move(checkout.resolve("jcompose.jar"), jar);
        Files.createDirectories(checkout.resolve("compose-cli/src/main"));
        Files.writeString(checkout.resolve("compose-cli/pom.xml"), "<project/>");
        Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        Files.writeString(java25.resolve("bin/javac"), "#!/bin/sh\n");
        executable(java25.resolve("bin/javac"));

        assertThat(run(launcher, java25, "ps")).contains("building jcompose...", "<ps>");
        assertThat(run(launcher, java25, "ps")).doesNotContain("building").contains("<ps>");
    }

    private Path awaitCache() throws Exception {
        var deadline = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(deadline)) {
            var caches = caches();
            if (caches.stream().anyMatch(file -> file.toString().endsWith(".run"))) {
                return caches.stream()
                        .filter(file -> file.toString().endsWith(".aot"))
                        .findFirst()
                        .orElseThrow();
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("no cache was made: " + caches());
    }

    private static void awaitGone(Path file) {
        var deadline = Instant.now().plus(PATIENCE);
        while (Files.exists(file) && Instant.now().isBefore(deadline)) {
            Thread.onSpinWait();
        }
        assertThat(file).doesNotExist();
    }

    private List<Path> caches() throws IOException {
        var cache = directory.resolve("cache/jcompose/aot");
        if (!Files.isDirectory(cache)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(cache)) {
            return files.toList();
        }
    }

    private String run(Path command, Path java, String... arguments) throws Exception {
        var words = new ArrayList<String>(List.of(command.toString()));
        words.addAll(List.of(arguments));
        var builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put("JCOMPOSE_JAVA", java.toString());
        builder.environment().put("XDG_CACHE_HOME", directory.resolve("cache").toString());
        builder.environment().put("PATH", maven() + ":" + System.getenv("PATH"));
        builder.environment().remove("JAVA_HOME");
        builder.environment().remove("JCOMPOSE_CACHE");
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return output;
    }

    /** A Java that prints each of its arguments on a line, and writes the cache when asked for one. */
    private Path java(String version) throws IOException {
        var home = directory.resolve("java-" + version);
        var java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        age(home.resolve("release"));
        Files.writeString(java, """
                #!/bin/sh
                for word; do
                    echo "<$word>"
                    case $word in -XX:AOTCacheOutput=*) echo cache >"${word#*=}" ;; esac
                done
                """);
        executable(java);
        return home;
    }

    /** A directory with a Maven that builds nothing. */
    private Path maven() throws IOException {
        var directoryOnPath = Files.createDirectories(directory.resolve("maven"));
        Files.writeString(directoryOnPath.resolve("mvn"), "#!/bin/sh\necho 'Apache Maven 3.9.9'\n");
        executable(directoryOnPath.resolve("mvn"));
        return directoryOnPath;
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** What the launcher compares times with was there before its cache. */
    private static void age(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
    }
}
