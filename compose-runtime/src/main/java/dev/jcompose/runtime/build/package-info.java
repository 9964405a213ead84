/**
 * What a Dockerfile says, without doing it: instructions with their places, variables, ignore files. Start reading at
 * {@link dev.jcompose.runtime.build.DockerfileParser}.
 */
@NullMarked
package dev.jcompose.runtime.build;

import org.jspecify.annotations.NullMarked;
