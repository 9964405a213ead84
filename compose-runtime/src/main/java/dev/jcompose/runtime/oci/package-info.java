/**
 * The documents of the OCI image specification and the names of images; the only user of Jackson in this module. Start
 * reading at {@link dev.jcompose.runtime.oci.ImageDocument}.
 */
@NullMarked
package dev.jcompose.runtime.oci;

import org.jspecify.annotations.NullMarked;
