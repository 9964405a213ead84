package dev.jcompose.cli.output;

import dev.jcompose.runtime.LayerProgress;
import java.io.PrintStream;

/** Progress as lines that are never taken back, in the words of Docker Compose. For files, pipes and CI. */
final class PlainProgress implements Progress {
    private final PrintStream out;

    PlainProgress(PrintStream out) {
        this.out = out;
    }

    @Override
    public void update(Update update) {
        print(" " + update.subject() + "  " + update.text());
    }

    @Override
    public void detail(String subject, String text) {
        print(" " + subject + "  " + text);
    }

    /** One line a layer: how it ended. */
    @Override
    public void layer(String subject, LayerProgress layer) {
        if (layer.finished()) {
            print(" " + layer.layer() + "  " + layer.state());
        }
    }

    @Override
    public void message(String text) {
        print(text);
    }

    @Override
    public void close() {
        out.flush();
    }

    private synchronized void print(String line) {
        out.println(line);
        out.flush();
    }
}
