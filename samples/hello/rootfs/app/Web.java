import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The page people see: greets, and shows what the counter and the worker say. */
public class Web {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String COUNTER = System.getenv("COUNTER_URL");

    public static void main(String[] args) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
        server.createContext("/health", exchange -> answer(exchange, 200, "ok"));
        server.createContext("/", Web::page);
        server.start();
        System.out.println("web: listening on 8080, counter at " + COUNTER);
    }

    private static void page(HttpExchange exchange) throws IOException {
        try {
            answer(exchange, 200, System.getenv("GREETING") + "\nvisits: " + ask("/visit") + "\nworker: " + ask("/work")
                    + "\nserved by: " + InetAddress.getLocalHost().getHostName() + "\n");
        } catch (IOException | InterruptedException e) {
            answer(exchange, 502, "the counter does not answer: " + e + "\n");
        }
    }

    private static String ask(String path) throws IOException, InterruptedException {
        return CLIENT.send(HttpRequest.newBuilder(URI.create(COUNTER + path)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes();
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
