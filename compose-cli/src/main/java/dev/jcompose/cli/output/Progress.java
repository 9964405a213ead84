package dev.jcompose.cli.output;

import dev.jcompose.runtime.LayerProgress;

/** Where progress goes. Safe to use from several threads; nothing of it is visible after {@link #close} but text. */
public interface Progress extends AutoCloseable {
    /** Something is now in another state. */
    void update(Update update);

    /** One line from something that talks while it works: a build step, a download. */
    void detail(String subject, String text);

    /** How far a layer of an image is. */
    void layer(String subject, LayerProgress layer);

    /** Tells the user something that belongs to no subject. */
    void message(String text);

    @Override
    void close();

    /** Whether something still works, is done, was passed over with a warning, or failed. */
    enum State {
        WORKING,
        DONE,
        WARNING,
        FAILED
    }

    /**
     * One step forward.
     *
     * @param subject what it is about: {@code Container shop-web-1}
     * @param text what it does, or is now: {@code Creating}
     */
    record Update(String subject, String text, State state) {}
}
