package io.rankstream.ops.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports of the loopback interface. */
final class Ports {

    /** Starts before giving up when other programs keep taking the port that was free. */
    private static final int ATTEMPTS = 4;

    /**
     * A server and the port that it serves on.
     *
     * @param child its process
     * @param port its port
     */
    record Server(ChildJvm child, int port) {}

    /** Starts a server on a port that was free a moment ago. */
    interface Launch {
        ChildJvm on(int port) throws StackException;
    }

    /** Waits until a server serves on its port. */
    interface Readiness {
        void await(Server server) throws StackException, InterruptedException;
    }

    private Ports() {}

    /**
     * A port that was free a moment ago. Somebody may take it before its server does: callers try
     * again then.
     */
    static int free() throws StackException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new StackException("no free port on the loopback interface", e);
        }
    }

    /** Whether nobody had the port a moment ago. */
    static boolean isFree(int port) {
        try {
            bind(port);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void bind(int port) throws IOException {
        new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
    }

    /**
     * A server that is ready.
     *
     * @param port where it shall serve; 0 for any that is free
     * @throws StackException if it does not come up, or somebody else has its port
     */
    static Server serve(int port, Launch launch, Readiness readiness)
            throws StackException, InterruptedException {
        return port == 0 ? serveAnywhere(launch, readiness) : serveOn(port, launch, readiness);
    }

    private static Server serveOn(int port, Launch launch, Readiness readiness)
            throws StackException, InterruptedException {
        try {
            bind(port);
        } catch (IOException e) {
            throw taken(port, e);
        }
        Server server = new Server(launch.on(port), port);
        try {
            readiness.await(server);
            return server;
        } catch (StackException | InterruptedException e) {
            server.child().close();
            if (e instanceof StackException && server.child().lostItsPort()) {
                throw taken(port, e);
            }
            throw e;
        }
    }

    private static StackException taken(int port, Exception cause) {
        return new StackException(
                "port %d of this machine cannot be had (%s): end the program that has it, or choose another port with --broker-port or --registry-port"
                        .formatted(port, cause.getMessage()),
                cause);
    }

    /** On another port if somebody else took the first. */
    private static Server serveAnywhere(Launch launch, Readiness readiness)
            throws StackException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            int port = free();
            Server server = new Server(launch.on(port), port);
            try {
                readiness.await(server);
                return server;
            } catch (StackException | InterruptedException e) {
                server.child().close();
                if (e instanceof InterruptedException
                        || attempt == ATTEMPTS
                        || !server.child().lostItsPort()) {
                    throw e;
                }
            }
        }
    }
}
