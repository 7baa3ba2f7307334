package io.rankstream.ops.console;

import io.rankstream.ops.http.Exchange;
import io.rankstream.ops.http.LocalServer;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

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

    private void answer(Exchange exchange) throws IOException {
        if (exchange.isForContent() && exchange.path().equals("/events")) {
            streams.serve(exchange, exchange.parameter("adapter").orElse(null));
        } else {
            file(exchange);
        }
    }

    private void file(Exchange exchange) {
        Optional<Assets.Asset> asset = assets.at(exchange.path());
        if (asset.isEmpty()) {
            exchange.refuse(404, "There is no such file.");
        } else {
            exchange.send(200, asset.get().type(), asset.get().content());
        }
    }

    @Override
    public void close() {
        streams.close();
        server.close();
    }
}
