package dev.jcompose.model.interpolate;

import java.util.Optional;

/** Where the values of variables come from. */
@FunctionalInterface
public interface Variables {
    Optional<String> value(String name);

    /** Called when a variable without default or alternative has no value and becomes blank. */
    default void blank(String name) {}
}
