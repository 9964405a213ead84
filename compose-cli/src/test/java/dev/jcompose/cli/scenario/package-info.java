/** Whole stories a user lives through, told with the real executable and real containers. */
@NullMarked
package dev.jcompose.cli.scenario;

import org.jspecify.annotations.NullMarked;
