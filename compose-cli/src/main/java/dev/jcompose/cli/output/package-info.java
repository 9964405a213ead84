/**
 * Everything the user sees: results on standard output; progress, warnings and errors on standard error. Nothing else in
 * jcompose prints. Start reading at {@link dev.jcompose.cli.output.Report}.
 */
@NullMarked
package dev.jcompose.cli.output;

import org.jspecify.annotations.NullMarked;
