/**
 * The backend that needs nothing but Linux: containers from namespaces, made and watched by a small C helper. Start reading at
 * {@link dev.jcompose.runtime.linux.NativeBackend}; {@code docs/native-runtime.md} describes processes, files and protocol.
 */
@NullMarked
package dev.jcompose.runtime.linux;

import org.jspecify.annotations.NullMarked;
