/**
 * What Java and the C helper say to each other ({@code docs/native-runtime.md}): frames, the plan of a container, its state
 * files, the control channel. Start reading at {@link dev.jcompose.runtime.linux.shim.ContainerPlan}.
 */
@NullMarked
package dev.jcompose.runtime.linux.shim;

import org.jspecify.annotations.NullMarked;
