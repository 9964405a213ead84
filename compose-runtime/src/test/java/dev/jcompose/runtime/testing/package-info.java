/** A backend in memory and a clock that passes when told, for tests. */
@NullMarked
package dev.jcompose.runtime.testing;

import org.jspecify.annotations.NullMarked;
