package dev.jcompose.cli.output;

import dev.jcompose.runtime.LayerProgress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Progress as a live list, one line per subject, redrawn in place ten times a second by a thread of its own. When it closes, the
 * list stays as it was last.
 */
final class TtyProgress implements Progress {
    private static final Duration FRAME = Duration.ofMillis(100);

    private final PrintStream out;
    private final LiveList list;
    private final TerminalSize size;
    private final LongSupplier nanoTime;
    private final SequencedMap<String, LiveLine> lines = new LinkedHashMap<>();
    private final Map<String, SequencedMap<String, LiveLine>> layers = new HashMap<>();
    private final List<String> messages = new ArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread painter;

    TtyProgress(PrintStream out, String title, boolean coloured, TerminalSize size, LongSupplier nanoTime) {
        this.out = out;
        this.list = new LiveList(title, coloured);
        this.size = size;
        this.nanoTime = nanoTime;
        this.painter = Thread.ofVirtual().name("progress").start(this::paintUntilClosed);
    }

    @Override
    public synchronized void update(Update update) {
        long now = nanoTime.getAsLong();
        lines.merge(update.subject(), LiveLine.started(update, now), (earlier, later) -> earlier.updated(update, now));
    }

    @Override
    public synchronized void detail(String subject, String text) {
        var line = lines.get(subject);
        if (line != null) {
            lines.put(subject, line.detailed(text));
        }
    }

    @Override
    public synchronized void layer(String subject, LayerProgress layer) {
        long now = nanoTime.getAsLong();
        layers.computeIfAbsent(subject, key -> new LinkedHashMap<>())
                .merge(layer.layer(), LiveLine.started(layer, now), (earlier, later) -> earlier.updated(layer, now));
    }

    @Override
    public synchronized void message(String text) {
        messages.add(text);
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            painter.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the painter ends by itself; the caller learns of the interrupt
        }
        paint(true);
    }

    private void paintUntilClosed() {
        try {
            while (!closing.await(FRAME.toMillis(), TimeUnit.MILLISECONDS)) {
                size.refresh();
                paint(false);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody interrupts the painter; if somebody does, it stops painting
        }
    }

    /** The layers of an image stand below it while it is on its way. */
    private List<LiveLine> shown() {
        var shown = new ArrayList<LiveLine>();
        lines.forEach((subject, line) -> {
            shown.add(line);
            if (!line.isFinished()) {
                shown.addAll(layers.getOrDefault(subject, new LinkedHashMap<>()).values());
            }
        });
        return shown;
    }

    private synchronized void paint(boolean last) {
        if (lines.isEmpty() && messages.isEmpty()) {
            return;
        }
        var frame = new StringBuilder(list.erased(size.columns()));
        messages.forEach(message -> frame.append(message).append('\n'));
        messages.clear();
        var shown = shown();
        int rows = last ? Integer.MAX_VALUE : size.rows() - 1;
        frame.append(list.drawn(shown, rows, size.columns(), nanoTime.getAsLong()));
        out.print(frame);
        out.flush();
    }
}
