package dev.jcompose.runtime.registry;

import dev.jcompose.runtime.BackendException;
import dev.jcompose.runtime.oci.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program {@code docker-credential-<name>} that keeps passwords: the request on its standard input, the answer on its
 * output, nothing on the command line.
 */
record CredentialHelper(String name) {
    private static final int MAX_OUTPUT = 1 << 20;
    private static final long LIMIT_SECONDS = 60;
    private static final String TOKEN_USER = "<token>";

    CredentialHelper {
        if (!name.matches("[a-zA-Z0-9._-]+")) {
            throw new BackendException("\"" + name + "\" is not the name of a credential helper");
        }
    }

    private String program() {
        return "docker-credential-" + name;
    }

    /** What the helper knows for a server; empty when it knows nothing. */
    Optional<Credential> get(String server) throws InterruptedException {
        var result = run("get", server);
        if (result.exitCode() != 0) {
            if (result.text().contains("credentials not found")) {
                return Optional.empty();
            }
            throw failure("get", server, result);
        }
        var json = Json.tryParse(result.text()).orElseThrow(() -> failure("get", server, result));
        var user = json.get("Username").text().orElse("");
        var secret = json.get("Secret").text().orElse("");
        if (secret.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                user.equals(TOKEN_USER) ? new Credential.IdentityToken(secret) : new Credential.Password(user, secret));
    }

    void store(String server, Credential.Password credential) throws InterruptedException {
        var members = new LinkedHashMap<String, Json>();
        members.put("ServerURL", new Json.Text(server));
        members.put("Username", new Json.Text(credential.user()));
        members.put("Secret", new Json.Text(credential.password()));
        var request = new String(new Json.Members(members).write(), StandardCharsets.UTF_8);
        var result = run("store", request);
        if (result.exitCode() != 0) {
            throw failure("store", server, result);
        }
    }

    void erase(String server) throws InterruptedException {
        var result = run("erase", server);
        if (result.exitCode() != 0 && !result.text().contains("credentials not found")) {
            throw failure("erase", server, result);
        }
    }

    private BackendException failure(String action, String server, Result result) {
        var said = result.text().strip().lines().findFirst().orElse("exit code " + result.exitCode());
        return new BackendException("%s cannot %s the credentials of %s: %s"
                .formatted(
                        program(),
                        action,
                        server,
                        action.equals("get") && result.exitCode() == 0 ? "bad answer" : said));
    }

    private record Result(int exitCode, String text) {}

    private Result run(String action, String input) throws InterruptedException {
        try {
            var process = new ProcessBuilder(program(), action)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (var out = process.getOutputStream()) {
                out.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                process.destroy(); // it did not want to know; its answer says why
            }
            var output = process.getInputStream().readNBytes(MAX_OUTPUT);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new BackendException(program() + " did not end within " + LIMIT_SECONDS + " seconds");
            }
            return new Result(process.exitValue(), new String(output, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new BackendException(
                    program() + ", which the Docker configuration names, cannot be run: " + e.getMessage()
                            + "; install it, or remove credsStore and credHelpers from config.json",
                    e);
        }
    }
}
