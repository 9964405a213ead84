package dev.jcompose.cli.command;

import dev.jcompose.cli.option.Options;
import java.util.concurrent.Callable;

/** One command: what it accepts, and what it does with it. Called once, after its options are read; returns the exit code. */
public interface Command extends Callable<Integer> {
    Options options();
}
