/**
 * Waits for containers and follows their output. Start reading at {@link dev.jcompose.runtime.watch.ContainerWaiter} and {@link
 * dev.jcompose.runtime.watch.LogFollower}.
 */
@NullMarked
package dev.jcompose.runtime.watch;

import org.jspecify.annotations.NullMarked;
