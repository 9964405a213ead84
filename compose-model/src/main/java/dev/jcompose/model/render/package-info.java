/**
 * Prints the canonical model as YAML and JSON, and hashes parts of it. Start reading at {@link
 * dev.jcompose.model.render.ProjectDocument}.
 */
@NullMarked
package dev.jcompose.model.render;

import org.jspecify.annotations.NullMarked;
