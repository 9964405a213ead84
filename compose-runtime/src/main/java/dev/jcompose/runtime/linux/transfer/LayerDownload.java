package dev.jcompose.runtime.linux.transfer;

import dev.jcompose.runtime.linux.image.IncomingBlob;
import dev.jcompose.runtime.oci.Descriptor;
import dev.jcompose.runtime.registry.RegistryClient;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Downloads one layer's blob, unless somebody else does so already. */
record LayerDownload(RegistryClient client, Descriptor blob, IncomingBlob incoming, LayerReport report) {
    void run(SharedWork shared, Permits permits) throws InterruptedException {
        try {
            download(shared, permits);
        } catch (RuntimeException | InterruptedException e) {
            incoming.fail(e);
            throw e;
        } catch (IOException e) {
            incoming.fail(e);
            if (Thread.interrupted()) {
                throw RegistrySource.interruption(e);
            }
            throw new UncheckedIOException(e);
        }
    }

    private void download(SharedWork shared, Permits permits) throws IOException, InterruptedException {
        report.state("Waiting");
        var turn = shared.await("download " + blob.digest());
        try (turn) {
            if (incoming.isThere()) {
                return;
            }
            var permit = permits.take();
            try (permit;
                    var content = client.blob(blob)) {
                incoming.write(content, bytes -> report.moved("Downloading", bytes));
            }
            report.state("Extracting");
        }
    }
}
