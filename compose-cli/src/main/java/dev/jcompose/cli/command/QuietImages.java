package dev.jcompose.cli.command;

import dev.jcompose.planner.Action;
import dev.jcompose.planner.Action.BuildImage;
import dev.jcompose.planner.Action.PullImage;

/** Which work on images shows no progress. */
record QuietImages(boolean pulls, boolean builds) {
    boolean cover(Action action) {
        return action instanceof PullImage ? pulls : action instanceof BuildImage && builds;
    }
}
