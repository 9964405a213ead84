package dev.jcompose.runtime.linux.build;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A socket for a build step that leads to an SSH agent, with an owner and mode of its own. */
final class AgentSocket implements AutoCloseable {
    private final ServerSocketChannel server;
    private final Path agent;

    private AgentSocket(ServerSocketChannel server, Path agent) {
        this.server = server;
        this.agent = agent;
    }

    /** Listens at a path until it is closed. */
    static AgentSocket open(Path path, Path agent, int mode, Owner owner) throws IOException {
        var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path));
            Files.setAttribute(path, "unix:uid", owner.uid());
            Files.setAttribute(path, "unix:gid", owner.gid());
            Files.setAttribute(path, "unix:mode", mode);
        } catch (IOException e) {
            server.close();
            throw e;
        }
        var socket = new AgentSocket(server, agent);
        Thread.ofPlatform().daemon().name("ssh-agent").start(socket::serve);
        return socket;
    }

    private void serve() {
        while (server.isOpen()) {
            try {
                var client = server.accept();
                Thread.ofPlatform().daemon().start(() -> connect(client));
            } catch (IOException e) {
                return; // closed: the step has ended
            }
        }
    }

    private void connect(SocketChannel client) {
        try (client;
                var upstream = SocketChannel.open(UnixDomainSocketAddress.of(agent))) {
            var answers = Thread.ofPlatform().daemon().start(() -> relay(upstream, client));
            relay(client, upstream);
            answers.join();
        } catch (IOException e) {
            // the agent cannot be reached: the command sees its connection end
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void relay(SocketChannel from, SocketChannel to) {
        var bytes = ByteBuffer.allocate(16 << 10);
        try {
            while (from.read(bytes) >= 0) {
                bytes.flip();
                while (bytes.hasRemaining()) {
                    to.write(bytes);
                }
                bytes.clear();
            }
            to.shutdownOutput();
        } catch (IOException e) {
            // one side has gone: so does the other
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
