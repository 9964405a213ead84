package dev.jcompose.runtime.linux;

import dev.jcompose.runtime.linux.shim.ContainerFiles;
import dev.jcompose.runtime.linux.shim.ContainerState;

/** Tells where a container is in its life. */
@FunctionalInterface
interface ContainerStates {
    ContainerState of(ContainerFiles container);
}
