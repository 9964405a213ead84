package dev.jcompose.cli.output;

import dev.jcompose.runtime.LayerProgress;
import java.io.PrintStream;

/** No progress at all; only what the user must be told. */
final class QuietProgress implements Progress {
    private final PrintStream out;

    QuietProgress(PrintStream out) {
        this.out = out;
    }

    @Override
    public void update(Update update) {
        // nothing to show
    }

    @Override
    public void detail(String subject, String text) {
        // nothing to show
    }

    @Override
    public void layer(String subject, LayerProgress layer) {
        // nothing to show
    }

    @Override
    public synchronized void message(String text) {
        out.println(text);
    }

    @Override
    public void close() {
        out.flush();
    }
}
