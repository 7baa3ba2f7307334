package io.rankstream.ops.console;

import io.rankstream.ops.http.Exchange;
import io.rankstream.ops.http.LocalServer;
import io.rankstream.ops.http.StaticFiles;
import io.rankstream.ops.labeling.Labeling;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Serves the page to this machine alone, its events, and the page on which people label. */
final class ConsoleServer implements AutoCloseable {

    private final EventStreams streams;
    private final LocalServer server;

    private ConsoleServer(EventStreams streams, LocalServer server) {
        this.streams = streams;
        this.server = server;
    }

    /**
     * Starts to serve.
     *
     * @param port port of the loopback address; 0 for a free one
     * @param labeling where people label; empty for nowhere
     * @throws ConsoleException if the port cannot be had
     */
    static ConsoleServer start(
            int port, Board board, Optional<Labeling> labeling, InstantSource clock)
            throws ConsoleException {
        return start(port, board, labeling, clock, LocalServer.LIMIT);
    }

    /**
     * As above.
     *
     * @param slowest how long a request may take to arrive, and a page to take an event
     */
    static ConsoleServer start(
            int port,
            Board board,
            Optional<Labeling> labeling,
            InstantSource clock,
            Duration slowest)
            throws ConsoleException {
        EventStreams streams = new EventStreams(board, clock);
        LocalServer.Pages own = new OwnPages(streams);
        LocalServer.Pages pages =
                labeling.isEmpty() ? own : new PagesBeside(own, labeling.get().pages());
        return new ConsoleServer(streams, listen(port, slowest, pages));
    }

    /**
     * Serves pages on the port of the console.
     *
     * @throws ConsoleException if it cannot be had
     */
    static LocalServer listen(int port, Duration slowest, LocalServer.Pages pages)
            throws ConsoleException {
        try {
            return LocalServer.start("console", port, slowest, pages);
        } catch (BindException e) {
            throw new ConsoleException(
                    "port %d of 127.0.0.1 cannot be had (%s): set console.port to another one, or to 0 for a free one"
                            .formatted(port, e.getMessage()),
                    e);
        } catch (IOException e) {
            throw new ConsoleException("no page can be served: " + e.getMessage(), e);
        }
    }

    /** The console's own. */
    private record OwnPages(EventStreams streams, StaticFiles files) implements LocalServer.Pages {

        OwnPages(EventStreams streams) {
            this(streams, Assets.all());
        }

        @Override
        public void answer(Exchange exchange) throws IOException {
            if (exchange.isForContent() && exchange.path().equals("/events")) {
                streams.serve(exchange, exchange.parameter("adapter").orElse(null));
            } else {
                files.answer(exchange);
            }
        }
    }

    /** What begins as the paths of the labeling page do goes there. */
    private record PagesBeside(LocalServer.Pages own, LocalServer.Pages labeling)
            implements LocalServer.Pages {

        @Override
        public void answer(Exchange exchange) throws IOException {
            of(exchange.path()).answer(exchange);
        }

        @Override
        public int largestBody(String path) {
            return of(path).largestBody(path);
        }

        private LocalServer.Pages of(String path) {
            return path.equals(Labeling.PATH) || path.startsWith(Labeling.PATH + "/")
                    ? labeling
                    : own;
        }
    }

    URI address() {
        return server.address();
    }

    /** Pages that are open. */
    int pages() {
        return streams.open();
    }

    @Override
    public void close() {
        streams.close();
        server.close();
    }
}
