/**
 * Devices described by their vendors: specifications of the Container Device Interface (github.com/cncf-tags/container-device-interface).
 * Start reading at {@link dev.jcompose.runtime.linux.cdi.DeviceSpecs}.
 */
@NullMarked
package dev.jcompose.runtime.linux.cdi;

import org.jspecify.annotations.NullMarked;
