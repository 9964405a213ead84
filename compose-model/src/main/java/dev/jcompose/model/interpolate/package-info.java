/** Variables in values: {@code ${VAR:-default}} and its like. Start reading at {@link dev.jcompose.model.interpolate.Template}. */
@NullMarked
package dev.jcompose.model.interpolate;

import org.jspecify.annotations.NullMarked;
