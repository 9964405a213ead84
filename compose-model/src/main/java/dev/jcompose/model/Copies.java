package dev.jcompose.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** Unmodifiable copies that keep file order, for record constructors. */
final class Copies {
    private Copies() {}

    static <K, V> SequencedMap<K, V> ordered(Map<K, V> map) {
        return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(map));
    }
}
