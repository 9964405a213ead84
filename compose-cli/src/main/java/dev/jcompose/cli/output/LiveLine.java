package dev.jcompose.cli.output;

import dev.jcompose.cli.output.Progress.State;
import dev.jcompose.cli.output.Progress.Update;
import java.util.Locale;

/** One line of the live list: a subject with its state and since when, in the clock of {@link System#nanoTime}. */
record LiveLine(String subject, String text, String detail, State state, long started, long changed) {
    private static final double NANOS = 1e9;

    static LiveLine started(Update update, long now) {
        return new LiveLine(update.subject(), update.text(), "", update.state(), now, now);
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
