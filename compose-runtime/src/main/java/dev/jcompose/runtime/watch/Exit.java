package dev.jcompose.runtime.watch;

import dev.jcompose.planner.state.ObservedContainer;

/** The end of one run of a container; {@code restarting} when its restart policy begins another. */
public record Exit(ObservedContainer container, int code, boolean restarting) {}
