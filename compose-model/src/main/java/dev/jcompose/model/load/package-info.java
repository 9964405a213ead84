/** Finds project files and turns them into one project. The way in is {@link dev.jcompose.model.load.ProjectLoader}. */
@NullMarked
package dev.jcompose.model.load;

import org.jspecify.annotations.NullMarked;
