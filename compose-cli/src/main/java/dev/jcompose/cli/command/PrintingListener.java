package dev.jcompose.cli.command;

import dev.jcompose.cli.output.ContainerText;
import dev.jcompose.cli.output.LogPrinter;
import dev.jcompose.planner.state.ObservedContainer;
import dev.jcompose.runtime.LogReader.LogLine;
import dev.jcompose.runtime.watch.Exit;
import dev.jcompose.runtime.watch.LogFollower.Listener;

/** Prints what a follower tells: lines, and which container ended how. */
record PrintingListener(LogPrinter printer, String project) implements Listener {
    @Override
    public void line(ObservedContainer container, LogLine line) {
        printer.print(name(container, project), line);
    }

    @Override
    public boolean ended(Exit exit) {
        var suffix = exit.restarting() ? " (restarting)" : "";
        printer.event(name(exit.container(), project), "exited with code " + exit.code() + suffix);
        return true;
    }

    /** The name before a container's lines. */
    static String name(ObservedContainer container, String project) {
        return ContainerText.withinProject(container.name(), project);
    }
}
