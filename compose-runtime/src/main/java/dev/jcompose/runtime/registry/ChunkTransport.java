package dev.jcompose.runtime.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Sends what the lighter client refuses to: PATCH, for registries that take layers in pieces only. */
final class ChunkTransport {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private ChunkTransport() {}

    static Answer send(HttpTransport transport, Call call) throws IOException {
        var builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER);
        var way = transport.proxies().to(call.uri());
        if (way.proxy().type() == Proxy.Type.HTTP && way.proxy().address() instanceof InetSocketAddress address) {
            builder.proxy(ProxySelector.of(address));
        }
        if (call.uri().getScheme().equals("https")) {
            builder.sslContext(transport.trust());
        }
        var content = new ByteArrayOutputStream();
        if (call.body().isPresent()) {
            call.body().get().writeTo(content);
        }
        var request = HttpRequest.newBuilder(call.uri())
                .timeout(LIMIT)
                .method(call.method(), BodyPublishers.ofByteArray(content.toByteArray()));
        call.headers().forEach(request::header);
        way.authorization().ifPresent(value -> request.header("Proxy-Authorization", value));
        try (var client = builder.build()) {
            var response = client.send(request.build(), BodyHandlers.ofInputStream());
            var headers = HttpTransport.headers(response.headers().map());
            return new Answer(response.statusCode(), call.uri(), headers, response.body()).detached();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var interruption = new InterruptedIOException();
            interruption.initCause(e);
            throw interruption;
        }
    }
}
