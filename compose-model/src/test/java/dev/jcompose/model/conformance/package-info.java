/** Runs the conformance data, when it is there, against the loader without a process in between. */
@NullMarked
package dev.jcompose.model.conformance;

import org.jspecify.annotations.NullMarked;
