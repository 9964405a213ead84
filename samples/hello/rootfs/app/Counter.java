import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Counts visits in a file, so that the number outlives the container; also remembers when the worker last spoke. */
public class Counter {
    private static Path file;
    private static long count;
    private static String work = "nothing yet";

    public static void main(String[] args) throws IOException {
        file = Path.of(args[0]);
        count = Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
        HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
        server.createContext("/health", exchange -> answer(exchange, "ok"));
        server.createContext("/visit", exchange -> answer(exchange, visit()));
        server.createContext("/count", exchange -> answer(exchange, Long.toString(count)));
        server.createContext("/work", exchange -> {
            if (exchange.getRequestMethod().equals("POST")) {
                work = new String(exchange.getRequestBody().readAllBytes());
            }
            answer(exchange, work);
        });
        server.start();
        System.out.println("counter: listening on 8080, count is " + count);
    }

    private static synchronized String visit() throws IOException {
        count++;
        Path next = file.resolveSibling("count.next");
        Files.writeString(next, Long.toString(count));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return Long.toString(count);
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes();
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
