package dev.jcompose.cli;

import dev.jcompose.model.load.ProjectLoader;
import dev.jcompose.runtime.Backend;

/** The parts of the application that reach files and containers; tests put their own in their place. */
interface Outside {
    ProjectLoader loader();

    /** Opens the backend for a command, which others are told of when they have to wait for it. */
    Backend backend(String command);
}
