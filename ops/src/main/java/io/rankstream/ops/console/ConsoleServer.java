package io.rankstream.ops.console;

import com.sun.net.httpserver.HttpExchange;
import io.rankstream.ops.http.LocalServer;
import io.rankstream.ops.http.Turn;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;

/** Serves the page to this machine alone, and its events. */
final class ConsoleServer implements AutoCloseable {

    private final EventStreams streams;
    private final Assets assets = new Assets();
    private final LocalServer server;

    private ConsoleServer(int port, Board board, InstantSource clock, Duration slowest)
            throws IOException {
        this.streams = new EventStreams(board, clock);
        this.server = LocalServer.start("console", port, slowest, this::answer);
    }

    /**
     * Starts to serve.
     *
     * @param port port of the loopback address; 0 for a free one
     * @throws ConsoleException if the port cannot be had
     */
    static ConsoleServer start(int port, Board board, InstantSource clock) throws ConsoleException {
        return start(port, board, clock, LocalServer.LIMIT);
    }

    /**
     * As above.
     *
     * @param slowest how long a request may take to arrive, and a page to take an event
     */
    static ConsoleServer start(int port, Board board, InstantSource clock, Duration slowest)
            throws ConsoleException {
        try {
            return new ConsoleServer(port, board, clock, slowest);
        } catch (BindException e) {
            throw new ConsoleException(
                    "port %d of 127.0.0.1 cannot be had (%s): set console.port to another one, or to 0 for a free one"
                            .formatted(port, e.getMessage()),
                    e);
        } catch (IOException e) {
            throw new ConsoleException("no page can be served: " + e.getMessage(), e);
        }
    }

    URI address() {
        return server.address();
    }

    /** Pages that are open. */
    int pages() {
        return streams.open();
    }

    private void answer(HttpExchange exchange, Turn turn) throws IOException {
        if (exchange.getRequestMethod().equals("GET")
                && exchange.getRequestURI().getPath().equals("/events")) {
            streams.serve(exchange, turn, parameter(exchange, "adapter").orElse(null));
        } else {
            file(exchange);
        }
    }

    private void file(HttpExchange exchange) throws IOException {
        Optional<Assets.Asset> asset = assets.at(exchange.getRequestURI().getPath());
        if (asset.isEmpty()) {
            LocalServer.refuse(exchange, 404, "There is no such file.");
        } else {
            LocalServer.send(exchange, 200, asset.get().type(), asset.get().content());
        }
    }

    private static Optional<String> parameter(HttpExchange exchange, String name) {
        String query = exchange.getRequestURI().getRawQuery();
        return Stream.of(query == null ? new String[0] : query.split("&"))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> decoded(pair.substring(name.length() + 1)))
                .findFirst();
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // names no adapter, then
        }
    }

    @Override
    public void close() {
        streams.close();
        server.close();
    }
}
