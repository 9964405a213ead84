/**
 * The OCI distribution protocol: one class per call, credentials, mirrors, trust and proxies. Knows documents and names
 * ({@code oci}), but no store. Start reading at {@link dev.jcompose.runtime.registry.Registries}.
 */
@NullMarked
package dev.jcompose.runtime.registry;

import org.jspecify.annotations.NullMarked;
