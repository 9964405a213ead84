package dev.jcompose.cli.output;

import dev.jcompose.runtime.LayerProgress;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Progress for programs: one JSON object per line, with Docker Compose's keys. */
final class JsonProgress implements Progress {
    private final PrintStream out;

    JsonProgress(PrintStream out) {
        this.out = out;
    }

    @Override
    public void update(Update update) {
        print(object(update.subject(), status(update.state()), update.text()));
    }

    @Override
    public void detail(String subject, String text) {
        print(object(subject, status(State.WORKING), text));
    }

    @Override
    public void layer(String subject, LayerProgress layer) {
        var object = object(layer.layer(), status(layer.finished() ? State.DONE : State.WORKING), layer.state());
        object.put("parent_id", subject);
        if (layer.total() > 0) {
            object.put("current", layer.done());
            object.put("total", layer.total());
            object.put("percent", layer.done() * 100 / layer.total());
        }
        print(object);
    }

    @Override
    public void message(String text) {
        var object = new LinkedHashMap<String, Object>();
        object.put("level", "warning");
        object.put("msg", text);
        print(object);
    }

    @Override
    public void close() {
        out.flush();
    }

    private static SequencedMap<String, Object> object(String id, String status, String text) {
        var object = new LinkedHashMap<String, Object>();
        object.put("id", id);
        object.put("status", status);
        object.put("text", text);
        return object;
    }

    private static String status(State state) {
        return switch (state) {
            case WORKING -> "Working";
            case DONE -> "Done";
            case WARNING -> "Warning";
            case FAILED -> "Error";
        };
    }

    private synchronized void print(SequencedMap<String, Object> object) {
        out.println(Json.of(object));
        out.flush();
    }
}
