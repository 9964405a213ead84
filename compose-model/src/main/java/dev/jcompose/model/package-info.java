/**
 * The typed Compose project, after merging, interpolation and defaults. Start reading at {@link
 * dev.jcompose.model.Project}. May use nothing but {@code problem}.
 */
@NullMarked
package dev.jcompose.model;

import org.jspecify.annotations.NullMarked;
