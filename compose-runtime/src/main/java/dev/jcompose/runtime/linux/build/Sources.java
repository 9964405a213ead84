package dev.jcompose.runtime.linux.build;

import dev.jcompose.runtime.build.Place;
import java.io.IOException;
import java.util.Optional;

/** Finds what is copied or mounted from: the build context, or what a name stands for. */
@FunctionalInterface
interface Sources {
    SourceTree of(Optional<String> from, Place place) throws IOException, InterruptedException;
}
