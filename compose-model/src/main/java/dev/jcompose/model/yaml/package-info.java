/**
 * Text to nodes that know their place: anchors, merge keys, {@code !reset} and {@code !override} resolved, duplicates refused.
 * Start reading at {@link dev.jcompose.model.yaml.YamlReader}. The YAML library appears here only.
 */
@NullMarked
package dev.jcompose.model.yaml;

import org.jspecify.annotations.NullMarked;
