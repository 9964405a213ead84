/**
 * The native backend's images on disk: an OCI image layout with the layers unpacked beside it, shared by all containers.
 * Uses {@code oci} for documents and {@code linux.layer} for files. Start reading at
 * {@link dev.jcompose.runtime.linux.image.ImageStore}.
 */
@NullMarked
package dev.jcompose.runtime.linux.image;

import org.jspecify.annotations.NullMarked;
