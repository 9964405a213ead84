/** Turns the canonical, checked model into the immutable records. Start reading at {@link dev.jcompose.model.decode.ProjectDecoder}. */
@NullMarked
package dev.jcompose.model.decode;

import org.jspecify.annotations.NullMarked;
