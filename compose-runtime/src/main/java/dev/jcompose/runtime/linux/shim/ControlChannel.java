package dev.jcompose.runtime.linux.shim;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jcompose.runtime.BackendException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The way to one project's supervisor: one relaying process for the whole command, over which any number of threads ask at
 * once. Answers carry the number of their request.
 */
public final class ControlChannel implements AutoCloseable {
    private static final long CLOSE_SECONDS = 30;

    private final Process process;
    private final OutputStream requests;
    private final ReentrantLock writing = new ReentrantLock();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, CompletableFuture<Frame>> waiting = new ConcurrentHashMap<>();
    private volatile boolean ended;

    private ControlChannel(Process process) {
        this.process = process;
        this.requests = process.getOutputStream();
    }

    /** Starts the relay; the supervisor is started by it when there is none. */
    public static ControlChannel open(List<String> command) {
        try {
            var channel = new ControlChannel(new ProcessBuilder(command).start());
            Thread.ofPlatform().daemon().name("jcr-answers").start(channel::readAnswers);
            return channel;
        } catch (IOException e) {
            throw new BackendException("cannot run " + command.getFirst() + ": " + e.getMessage(), e);
        }
    }

    /** Sends a request (its number is put in second place) and waits for the answer; an error is thrown as one. */
    public Frame ask(String key, String... fields) throws InterruptedException {
        int number = numbers.incrementAndGet();
        var answer = new CompletableFuture<Frame>();
        waiting.put(number, answer);
        try {
            send(key, number, fields);
            return checked(answer.get());
        } catch (ExecutionException e) {
            throw new BackendException("lost the connection to the project's supervisor" + lastWords(), e);
        } finally {
            waiting.remove(number);
        }
    }

    private void send(String key, int number, String... fields) {
        List<String> all = new ArrayList<>(fields.length + 1);
        all.add(Integer.toString(number));
        all.addAll(List.of(fields));
        byte[] bytes = Frames.encode(List.of(Frame.of(key, all.toArray(String[]::new))));
        writing.lock();
        try {
            requests.write(bytes);
            requests.flush();
            if (ended) {
                failAll();
            }
        } catch (IOException e) {
            failAll();
        } finally {
            writing.unlock();
        }
    }

    private static Frame checked(Frame answer) {
        if (answer.key().equals("error")) {
            throw HelperException.from(answer);
        }
        return answer;
    }

    private void readAnswers() {
        try (var in = process.getInputStream()) {
            for (var frame = Frames.read(in); frame.isPresent(); frame = Frames.read(in)) {
                deliver(frame.get());
            }
        } catch (IOException | FrameException e) {
            // The relay is gone or broken: whoever waits is told below.
            process.destroy();
        } finally {
            ended = true;
            failAll();
        }
    }

    private void deliver(Frame frame) {
        var answer = waiting.get((int) frame.number(1));
        if (answer != null) {
            answer.complete(frame);
        }
    }

    private void failAll() {
        var failure = new IOException("the relay ended");
        waiting.values().forEach(answer -> answer.completeExceptionally(failure));
    }

    private String lastWords() {
        try {
            InputStream errors = process.getErrorStream();
            var text = new String(errors.readNBytes(Math.min(errors.available(), 4096)), UTF_8).strip();
            return text.isEmpty() ? "" : ": " + text;
        } catch (IOException e) {
            return "";
        }
    }

    /** Ends the relay once all answers are out. */
    @Override
    public void close() {
        try {
            requests.close();
            if (!process.waitFor(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
