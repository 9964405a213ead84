/**
 * Images on their way between the store and registries: many layers at a time, each once, unpacked while they come. Uses
 * {@code registry} and {@code linux.image}. Start reading at {@link dev.jcompose.runtime.linux.transfer.RegistrySource}.
 */
@NullMarked
package dev.jcompose.runtime.linux.transfer;

import org.jspecify.annotations.NullMarked;
