/**
 * Which system calls a container may make, as a program for the kernel. Start reading at {@link
 * dev.jcompose.runtime.linux.seccomp.SeccompPrograms}.
 */
@NullMarked
package dev.jcompose.runtime.linux.seccomp;

import org.jspecify.annotations.NullMarked;
