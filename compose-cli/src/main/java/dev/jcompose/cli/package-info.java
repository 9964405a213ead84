/**
 * The command line: reads the arguments, builds the one command they name, runs it, and turns its outcome into text and an
 * exit code. Uses every other module. Start reading at {@link dev.jcompose.cli.Main}.
 */
@NullMarked
package dev.jcompose.cli;

import org.jspecify.annotations.NullMarked;
