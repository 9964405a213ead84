/**
 * The Compose Specification as tables: which attributes there are, what each may hold, how it merges and which parts are
 * paths. A new attribute is one line in one table. Start reading at {@link dev.jcompose.model.spec.ComposeFile}, then
 * {@link dev.jcompose.model.spec.Shape}. May use {@code yaml}, {@code syntax} and {@code problem}.
 */
@NullMarked
package dev.jcompose.model.spec;

import org.jspecify.annotations.NullMarked;
