/** Carries plans out on a backend. Start reading at {@link dev.jcompose.runtime.execute.PlanExecutor}. May use {@code watch}. */
@NullMarked
package dev.jcompose.runtime.execute;

import org.jspecify.annotations.NullMarked;
