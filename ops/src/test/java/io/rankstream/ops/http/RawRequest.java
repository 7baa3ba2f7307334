package io.rankstream.ops.http;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Requests that a decent client would not send. */
public final class RawRequest {

    private RawRequest() {}

    /** The whole answer to a request of these lines, after which the server closes. */
    public static String answer(URI server, String... lines) throws IOException {
        String request = String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n";
        try (Socket socket = begun(server, request)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A connection on which {@code text} was sent and nothing else comes. */
    public static Socket begun(URI server, String text) throws IOException {
        Socket socket = new Socket(server.getHost(), server.getPort());
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}
