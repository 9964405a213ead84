/** What can be wrong with what the user wrote, and how it is reported. */
@NullMarked
package dev.jcompose.model.problem;

import org.jspecify.annotations.NullMarked;
