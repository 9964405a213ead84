import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Every so often reads the count, works on it, and hands the result back to the counter. */
public class Worker {
    public static void main(String[] args) throws InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        String counter = System.getenv("COUNTER_URL");
        Duration every = Duration.parse("PT" + System.getenv("WORK_EVERY"));
        System.out.println("worker: every " + every.toSeconds() + " s at " + counter);
        for (long round = 1; ; round++) {
            try {
                long count = Long.parseLong(client.send(get(counter + "/count"), BodyHandlers.ofString()).body());
                String result = "round " + round + ", " + count + " squared is " + count * count;
                client.send(post(counter + "/work", result), BodyHandlers.discarding());
            } catch (IOException e) {
                System.err.println("worker: " + e);
            }
            Thread.sleep(every.toMillis());
        }
    }

    private static HttpRequest get(String url) {
        return HttpRequest.newBuilder(URI.create(url)).build();
    }

    private static HttpRequest post(String url, String body) {
        return HttpRequest.newBuilder(URI.create(url)).POST(BodyPublishers.ofString(body)).build();
    }
}
