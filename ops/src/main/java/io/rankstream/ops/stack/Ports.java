package io.rankstream.ops.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Free ports of the loopback interface. */
final class Ports {

    /** Starts before giving up when other programs keep taking the port that was free. */
    static final int ATTEMPTS = 4;

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
}
