/** What a backend says exists: the only view of reality the planner has. */
@NullMarked
package dev.jcompose.planner.state;

import org.jspecify.annotations.NullMarked;
