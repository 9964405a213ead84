/** What several commands accept on the command line, and what the values mean. */
@NullMarked
package dev.jcompose.cli.option;

import org.jspecify.annotations.NullMarked;
