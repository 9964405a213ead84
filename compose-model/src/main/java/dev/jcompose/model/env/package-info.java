/** The {@code .env} dialect. Start reading at {@link dev.jcompose.model.env.EnvFile}; may use {@code interpolate}. */
@NullMarked
package dev.jcompose.model.env;

import org.jspecify.annotations.NullMarked;
