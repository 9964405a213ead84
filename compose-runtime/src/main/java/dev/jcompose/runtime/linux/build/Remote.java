package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.build.BuildException;
import dev.jcompose.runtime.build.Instruction;
import dev.jcompose.runtime.oci.Digest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** What ADD takes from the network: a file, or the files of a git repository. */
final class Remote {
    private static final Duration CONNECT = Duration.ofSeconds(30);
    private static final String GIT_HOST = "(?i)(git|ssh)://.*|git@[^/]+:.*|https?://.*\\.git([#?].*)?";

    private final Instruction.Copy copy;
    private final Path directory;

    Remote(Instruction.Copy copy, Path directory) {
        this.copy = copy;
        this.directory = directory;
    }

    static boolean isRemote(String source) {
        return isGit(source) || source.matches("(?i)https?://.*");
    }

    static boolean isGit(String source) {
        return source.matches(GIT_HOST);
    }

    /** Downloads a file and returns its name; it says it was changed when the server says so. */
    String download(String source) throws IOException, InterruptedException {
        var uri = URI.create(source);
        var path = uri.getPath() == null ? "" : uri.getPath();
        var name = path.substring(path.lastIndexOf('/') + 1);
        var file = directory.resolve(name.isEmpty() || name.equals("..") || name.equals(".") ? "download" : name);
        try (var client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(CONNECT)
                .build()) {
            var answer = client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofInputStream());
            try (var in = answer.body()) {
                if (answer.statusCode() != 200) {
                    throw new BuildException(
                            copy.place(), "ADD: " + source + " answers " + answer.statusCode() + " instead of a file");
                }
                try (var out = new DigestOutputStream(Files.newOutputStream(file), Digest.sha256())) {
                    in.transferTo(out);
                    check(source, Digest.of(out.getMessageDigest()));
                }
            }
            Files.setAttribute(file, "unix:mode", 0600);
            Files.setLastModifiedTime(
                    file,
                    FileTime.from(answer.headers()
                            .firstValue("Last-Modified")
                            .map(Remote::date)
                            .orElse(Instant.EPOCH)));
        } catch (ConnectException | HttpTimeoutException e) {
            throw new BuildException(copy.place(), "ADD: " + source + " cannot be reached", e);
        }
        return String.valueOf(file.getFileName());
    }

    private void check(String source, Digest digest) {
        var wanted = copy.flag("checksum");
        if (wanted.isPresent() && !wanted.get().equals(digest.toString())) {
            throw new BuildException(
                    copy.place(), "ADD: " + source + " has the digest " + digest + ", not " + wanted.get());
        }
    }

    private static Instant date(String text) {
        try {
            return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    /** Checks a repository out; {@code #ref:directory} after its address chooses what. */
    Path checkout(String source) throws IOException, InterruptedException {
        var checkout = new GitCheckout(copy.place().toString(), directory);
        return checkout.get(
                source, copy.flag("keep-git-dir").filter("true"::equals).isPresent(), copy.flag("checksum"));
    }
}
