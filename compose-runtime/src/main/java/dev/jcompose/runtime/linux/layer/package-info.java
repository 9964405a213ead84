/**
 * Files of images on disk: filling a directory from an untrusted tar, looking into stacked layers without mounting them,
 * packing a new layer. Knows nothing of images or stores. Start reading at
 * {@link dev.jcompose.runtime.linux.layer.LayerExtractor} and {@link dev.jcompose.runtime.linux.layer.LayeredFiles}.
 */
@NullMarked
package dev.jcompose.runtime.linux.layer;

import org.jspecify.annotations.NullMarked;
