/** The small grammars of values: ports, volumes, durations, sizes, command lines. Text in, values out; no nodes, no files. */
@NullMarked
package dev.jcompose.model.syntax;

import org.jspecify.annotations.NullMarked;
