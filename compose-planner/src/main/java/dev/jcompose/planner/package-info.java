/**
 * Plans: what to do, in which order, and why. Pure: no I/O, no clock, no randomness. Start reading at {@link
 * dev.jcompose.planner.Planner}.
 */
@NullMarked
package dev.jcompose.planner;

import org.jspecify.annotations.NullMarked;
