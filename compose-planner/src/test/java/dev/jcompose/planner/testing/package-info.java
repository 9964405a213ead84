/** Declared projects in a line each, and a backend that exists only on paper. */
@NullMarked
package dev.jcompose.planner.testing;

import org.jspecify.annotations.NullMarked;
