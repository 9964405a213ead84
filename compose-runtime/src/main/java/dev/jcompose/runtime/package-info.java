/** What runs containers, behind one interface. Start reading at {@link dev.jcompose.runtime.Backend}. */
@NullMarked
package dev.jcompose.runtime;

import org.jspecify.annotations.NullMarked;
