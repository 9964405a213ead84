package dev.jcompose.runtime.linux.transfer;

import dev.jcompose.runtime.LayerProgress;
import dev.jcompose.runtime.oci.Descriptor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Tells how far one layer is, a few times a second at most and its end once. */
final class LayerReport {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Descriptor layer;
    private final Consumer<LayerProgress> progress;
    private final AtomicBoolean finished = new AtomicBoolean();
    private long told = System.nanoTime() - PAUSE_NANOS;

    LayerReport(Descriptor layer, Consumer<LayerProgress> progress) {
        this.layer = layer;
        this.progress = progress;
    }

    private String name() {
        return layer.digest().brief();
    }

    void state(String state) {
        if (!finished.get()) {
            progress.accept(LayerProgress.working(name(), state));
        }
    }

    void moved(String state, long bytes) {
        long now = System.nanoTime();
        if (now - told >= PAUSE_NANOS && !finished.get()) {
            told = now;
            progress.accept(LayerProgress.moving(name(), state, bytes, layer.size()));
        }
    }

    void finished(String state) {
        if (!finished.getAndSet(true)) {
            progress.accept(LayerProgress.finished(name(), state));
        }
    }
}
