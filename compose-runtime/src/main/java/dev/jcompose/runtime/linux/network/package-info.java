/** Networks on disk and the addresses in them. Start reading at {@link dev.jcompose.runtime.linux.network.NetworkStore}. */
@NullMarked
package dev.jcompose.runtime.linux.network;

import org.jspecify.annotations.NullMarked;
