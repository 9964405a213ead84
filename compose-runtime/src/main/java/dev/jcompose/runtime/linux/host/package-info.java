/**
 * Images of programs of this machine: what a program needs to run is read from the program itself. Start reading at
 * {@link dev.jcompose.runtime.linux.host.HostImage}.
 */
@NullMarked
package dev.jcompose.runtime.linux.host;

import org.jspecify.annotations.NullMarked;
