/**
 * Carries out Dockerfiles on the native backend: what {@code runtime.build} has read becomes layers in the image store.
 * Start reading at {@link dev.jcompose.runtime.linux.build.ImageBuild}.
 */
@NullMarked
package dev.jcompose.runtime.linux.build;

import org.jspecify.annotations.NullMarked;
