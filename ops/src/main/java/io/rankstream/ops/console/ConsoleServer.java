package io.rankstream.ops.console;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Serves the page to this machine alone, and its events. It is read-only, and answers a browser
 * only under a name of this machine, so that no page from elsewhere can have its name resolved to
 * here.
 */
final class ConsoleServer implements AutoCloseable {

    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    /** Threads for short answers, besides one for each stream. */
    private static final int SHORT_ANSWERS = 4;

    private static final Duration SLOWEST = Duration.ofSeconds(5);

    private final HttpServer server;
    private final ExecutorService threads;
    private final EventStreams streams;
    private final Assets assets = new Assets();

    private ConsoleServer(HttpServer server, Board board, InstantSource clock, Duration slowest) {
        this.server = server;
        this.streams = new EventStreams(board, clock, slowest);
        AtomicInteger count = new AtomicInteger();
        this.threads =
                Executors.newFixedThreadPool(
                        EventStreams.MOST + SHORT_ANSWERS,
                        task -> {
                            Thread thread = new Thread(task, "console-" + count.incrementAndGet());
                            thread.setDaemon(true);
                            return thread;
                        });
    }

    /**
     * Starts to serve.
     *
     * @param port port of the loopback address; 0 for a free one
     * @throws ConsoleException if the port cannot be had
     */
    static ConsoleServer start(int port, Board board, InstantSource clock) throws ConsoleException {
        return start(port, board, clock, SLOWEST);
    }

    /**
     * As above.
     *
     * @param slowest how long a page may take to take an event
     */
    static ConsoleServer start(int port, Board board, InstantSource clock, Duration slowest)
            throws ConsoleException {
        try {
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port);
            ConsoleServer started =
                    new ConsoleServer(HttpServer.create(address, 0), board, clock, slowest);
            started.server.createContext("/", started::answer);
            started.server.setExecutor(started.threads);
            started.server.start();
            return started;
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
        return URI.create("http://127.0.0.1:%d/".formatted(server.getAddress().getPort()));
    }

    /** Pages that are open. */
    int pages() {
        return streams.open();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            protect(exchange.getResponseHeaders());
            String method = exchange.getRequestMethod();
            if (!isOurs(exchange.getRequestHeaders().getFirst("Host"))) {
                refuse(exchange, 421, "This page is served as localhost or 127.0.0.1 alone.");
            } else if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                refuse(exchange, 405, "This page is read-only.");
            } else if (method.equals("GET")
                    && exchange.getRequestURI().getPath().equals("/events")) {
                streams.serve(exchange, parameter(exchange, "adapter").orElse(null));
            } else {
                file(exchange);
            }
        }
    }

    private void file(HttpExchange exchange) throws IOException {
        Optional<Assets.Asset> asset = assets.at(exchange.getRequestURI().getPath());
        if (asset.isEmpty()) {
            refuse(exchange, 404, "There is no such file.");
        } else {
            send(exchange, 200, asset.get().type(), asset.get().content());
        }
    }

    static void refuse(HttpExchange exchange, int status, String sentence) throws IOException {
        send(
                exchange,
                status,
                "text/plain; charset=utf-8",
                (sentence + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] content)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, content.length);
            exchange.getResponseBody().write(content);
        }
    }

    /** Any port: a tunnel has another one at its other end. */
    static boolean isOurs(String host) {
        return host != null && NAMES.contains(host.replaceFirst(":[0-9]{1,5}$", ""));
    }

    private static void protect(Headers headers) {
        headers.set(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                        + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                        + " frame-ancestors 'none'; require-trusted-types-for 'script'");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
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
        server.stop(0);
        threads.shutdownNow();
    }
}
