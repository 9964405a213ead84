package dev.jcompose.runtime.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jcompose.runtime.linux.shim.ContainerPlan;
import dev.jcompose.runtime.linux.shim.NativeLayout;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortHolderTest {
    private static final String SELF = "(pid " + ProcessHandle.current().pid() + ")";

    @TempDir
    Path directory;

    private NativeLayout layout = new NativeLayout(Path.of("/"), Path.of("/"));
    private PortHolder holder = new PortHolder(layout, new ContainerIndex(layout));

    @BeforeEach
    void look() {
        layout = new NativeLayout(directory.resolve("state"), directory.resolve("run"));
        holder = new PortHolder(layout, new ContainerIndex(layout));
    }

    @Test
    void a_process_that_listens_is_found() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(holder.find(socket.getLocalPort(), "tcp"))
                    .get()
                    .asString()
                    .contains(SELF);
            assertThat(holder.find(socket.getLocalPort(), "udp")).isEmpty();
        }
    }

    @Test
    void a_process_that_receives_datagrams_is_found() throws IOException {
        try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            assertThat(holder.find(socket.getLocalPort(), "udp"))
                    .get()
                    .asString()
                    .contains(SELF);
        }
    }

    @Test
    void a_container_is_named_by_service_and_project() throws IOException {
        var files = layout.container("shop", "0123456789ab");
        Files.createDirectories(files.state());
        Files.createDirectories(files.run());
        new ContainerPlan.Builder()
                .add("id", "0123456789abcdef")
                .add("name", "shop-web-1")
                .add("project", "shop")
                .add("x-service", "web")
                .build()
                .writeTo(files.plan());
        Files.writeString(files.ports(), "0.0.0.0 8080 80 tcp\n:: 8080 80 tcp\n");
        assertThat(holder.find(8080, "tcp")).contains("service \"web\" of project \"shop\" (container shop-web-1)");
        assertThat(holder.find(8080, "udp")).isEmpty();
    }
}
