/**
 * One class per command; each {@code call()} reads as load, observe, plan, execute, report. Commands get what they use from
 * their constructor and know nothing of each other. Start reading at {@link dev.jcompose.cli.command.UpCommand}.
 */
@NullMarked
package dev.jcompose.cli.command;

import org.jspecify.annotations.NullMarked;
