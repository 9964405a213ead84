package dev.jcompose.cli.output;

import dev.jcompose.cli.output.Progress.State;
import dev.jcompose.cli.output.Progress.Update;
import dev.jcompose.runtime.LayerProgress;
import java.util.Locale;

/** One line of the live list: a subject with its state and since when, in the clock of {@link System#nanoTime}. */
record LiveLine(String subject, String text, String detail, State state, long started, long changed) {
    private static final double NANOS = 1e9;
    private static final String INDENT = "  ";
    private static final int BAR = 24;

    static LiveLine started(Update update, long now) {
        return new LiveLine(update.subject(), update.text(), "", update.state(), now, now);
    }

    static LiveLine started(LayerProgress layer, long now) {
        return new LiveLine(INDENT + layer.layer(), layer.state(), bar(layer), state(layer), now, now);
    }

    LiveLine updated(LayerProgress layer, long now) {
        return new LiveLine(subject, layer.state(), bar(layer), state(layer), started, now);
    }

    private static State state(LayerProgress layer) {
        return layer.finished() ? State.DONE : State.WORKING;
    }

    /** {@code [=====>     ] 12.3MB/45.1MB}. */
    private static String bar(LayerProgress layer) {
        if (layer.total() <= 0) {
            return "";
        }
        int full = (int) (Math.min(layer.done(), layer.total()) * BAR / layer.total());
        return "[" + "=".repeat(full) + ">" + " ".repeat(BAR - full) + "] " + HumanSize.of(layer.done()) + "/"
                + HumanSize.of(layer.total());
    }

    /** The same subject later on. Time counts on while one kind of work follows another. */
    LiveLine updated(Update update, long now) {
        return new LiveLine(subject, update.text(), "", update.state(), started, now);
    }

    LiveLine detailed(String newDetail) {
        return new LiveLine(subject, text, newDetail, state, started, changed);
    }

    boolean isFinished() {
        return state != State.WORKING;
    }

    /** {@code 1.2s}: how long it took, or has taken until now. */
    String elapsed(long now) {
        return String.format(Locale.ROOT, "%.1fs", ((isFinished() ? changed : now) - started) / NANOS);
    }
}
