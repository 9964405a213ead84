package dev.jcompose.runtime.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.jcompose.runtime.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** A registry that can be told to lie, to break connections, and to want things. */
public final class FakeRegistry implements AutoCloseable {
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

    private final HttpServer server;
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    private final List<Trick> tricks = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    public FakeRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    /** Something other than what an honest registry does; true when it has answered. */
    @FunctionalInterface
    public interface Trick {
        boolean plays(HttpExchange exchange) throws IOException;
    }

    public void play(Trick trick) {
        tricks.add(trick);
    }

    /** {@code 127.0.0.1:port}. */
    public String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** {@code METHOD path authorization}, in the order they came. */
    public List<String> requests() {
        return requests;
    }

    public List<String> requests(String part) {
        return requests.stream().filter(line -> line.contains(part)).toList();
    }

    public Digest blob(byte[] content) {
        var digest = Digest.of(content);
        blobs.put(digest.toString(), content);
        return digest;
    }

    public Map<String, byte[]> blobs() {
        return blobs;
    }

    /** The manifest under a tag or digest. */
    public void manifest(String name, byte[] content) {
        manifests.put(name, content);
        manifests.put(Digest.of(content).toString(), content);
    }

    public Map<String, byte[]> manifests() {
        return manifests;
    }

    public static String descriptor(Digest digest, long size, String more) {
        return "{\"mediaType\":\"application/x\",\"digest\":\"" + digest + "\",\"size\":" + size + more + "}";
    }

    /** An image of gzipped layers under a tag; returns its manifest. */
    public byte[] image(String tag, byte[]... layers) {
        var config = Archives.config("\"Cmd\":[\"run\"]", layers);
        var packed = Stream.of(layers).map(FakeRegistry::gzip).toList();
        var list = packed.stream()
                .map(layer -> descriptor(blob(layer), layer.length, ""))
                .collect(Collectors.joining(","));
        var content = manifest(descriptor(blob(config), config.length, ""), list);
        manifest(tag, content);
        return content;
    }

    public static byte[] manifest(String config, String layers) {
        return ("{\"schemaVersion\":2,\"mediaType\":\"" + MANIFEST + "\",\"config\":" + config + ",\"layers\":["
                        + layers + "]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] gzip(byte[] content) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void handle(HttpExchange exchange) throws IOException {
        var authorization = exchange.getRequestHeaders().getFirst("Authorization");
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + authorization);
        for (var trick : tricks) {
            if (trick.plays(exchange)) {
                exchange.close();
                return;
            }
        }
        answer(exchange);
        exchange.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var name = path.substring(path.lastIndexOf('/') + 1);
        if (path.equals("/v2/")) {
            send(exchange, 200, "{}");
        } else if (path.contains("/manifests/") && manifests.containsKey(name)) {
            exchange.getResponseHeaders().set("Content-Type", MANIFEST);
            send(exchange, 200, manifests.get(name));
        } else if (path.contains("/blobs/") && blobs.containsKey(name)) {
            sendBlob(exchange, blobs.get(name));
        } else {
            send(exchange, 404, "{\"errors\":[{\"code\":\"UNKNOWN\",\"message\":\"not \\u001b[31mhere\"}]}");
        }
    }

    private static void sendBlob(HttpExchange exchange, byte[] content) throws IOException {
        var range = exchange.getRequestHeaders().getFirst("Range");
        if (range == null) {
            send(exchange, 200, content);
            return;
        }
        int from = Integer.parseInt(range.replaceAll("[^0-9]", ""));
        exchange.getResponseHeaders()
                .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        send(exchange, 206, Arrays.copyOfRange(content, from, content.length));
    }

    public static void send(HttpExchange exchange, int status, String content) throws IOException {
        send(exchange, status, content.getBytes(StandardCharsets.UTF_8));
    }

    public static void send(HttpExchange exchange, int status, byte[] content) throws IOException {
        exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
        if (content.length > 0) {
            exchange.getResponseBody().write(content);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
