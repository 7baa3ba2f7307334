package io.rankstream.ops.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Serves pages to this machine alone. They are read-only, and answer only under a name of this
 * machine, so that no page from elsewhere can have its name resolved to here. Who sends half a
 * request, or takes no answer, is dropped after a while and holds up nobody.
 */
public final class LocalServer implements AutoCloseable {

    /** How long a request may take to arrive, and a peer to take an answer. */
    public static final Duration LIMIT = Duration.ofSeconds(5);

    /** Connections that wait to be accepted; beyond them, one waits a second to try again. */
    private static final int BACKLOG = 1_024;

    private static final int PART = 64 * 1024;
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private final HttpServer server;
    private final RequestThreads threads;
    private final Pages pages;

    /** What is served. */
    public interface Pages {

        /**
         * Answers a request to read.
         *
         * @param turn the time that the request has
         */
        void answer(HttpExchange exchange, Turn turn) throws IOException;
    }

    private LocalServer(HttpServer server, RequestThreads threads, Pages pages) {
        this.server = server;
        this.threads = threads;
        this.pages = pages;
    }

    /**
     * Starts to serve.
     *
     * @param name begins the names of its threads
     * @param port port of the loopback address; 0 for a free one
     * @param limit how long a request may take to arrive, and a peer to take an answer
     * @throws IOException if the port cannot be had
     */
    public static LocalServer start(String name, int port, Duration limit, Pages pages)
            throws IOException {
        HttpServer server = HttpServer.create(address(port), BACKLOG);
        LocalServer started = new LocalServer(server, new RequestThreads(name, limit), pages);
        server.createContext("/", started::handle);
        server.setExecutor(started.threads);
        server.start();
        return started;
    }

    /**
     * Takes a port as {@link #start} does, and gives it back.
     *
     * @throws IOException if the port cannot be had
     */
    public static void tryPort(int port) throws IOException {
        HttpServer.create(address(port), 0).stop(0);
    }

    private static InetSocketAddress address(int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port);
    }

    /** Where it is served. */
    public URI address() {
        return URI.create("http://127.0.0.1:%d/".formatted(server.getAddress().getPort()));
    }

    private void handle(HttpExchange exchange) throws IOException {
        Turn turn = RequestThreads.turn();
        turn.arrived();
        try (exchange) {
            protect(exchange.getResponseHeaders());
            if (hasBody(exchange.getRequestHeaders())) {
                answerUnread(exchange, turn);
            } else {
                answer(exchange, turn);
            }
        }
    }

    private void answer(HttpExchange exchange, Turn turn) throws IOException {
        String method = exchange.getRequestMethod();
        Optional<HostHeader> host = HostHeader.of(exchange.getRequestHeaders().get("Host"));
        if (host.filter(HostHeader::isThisMachine).isEmpty()) {
            refuse(exchange, 421, "This page is served as localhost or 127.0.0.1 alone.");
        } else if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            refuse(exchange, 405, "This page is read-only.");
        } else {
            pages.answer(exchange, turn);
        }
    }

    /**
     * Answers a request with a body by its headers, and closes the connection. The JDK's server
     * would wait for the body before it sends an answer, or none as to {@code HEAD}, and after it.
     */
    private static void answerUnread(HttpExchange exchange, Turn turn) throws IOException {
        if (!exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Connection", "close");
            refuse(exchange, 413, "This page is read-only and takes no body.");
            exchange.getResponseBody().flush();
            turn.waitNoMore();
        }
    }

    private static boolean hasBody(Headers request) {
        String length = request.getFirst("Content-Length");
        return request.containsKey("Transfer-Encoding")
                || (length != null && !length.strip().equals("0"));
    }

    /** Answers with a sentence that says why there is nothing else. */
    public static void refuse(HttpExchange exchange, int status, String sentence)
            throws IOException {
        send(
                exchange,
                status,
                "text/plain; charset=utf-8",
                (sentence + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Answers with {@code content}, or with its length where the request asks for that. */
    public static void send(HttpExchange exchange, int status, String type, byte[] content)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, content.length);
            write(content, exchange.getResponseBody());
        }
    }

    /** In parts, since the JDK's server copies each twice. */
    private static void write(byte[] content, OutputStream out) throws IOException {
        for (int at = 0; at < content.length; at += PART) {
            out.write(content, at, Math.min(PART, content.length - at));
        }
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

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
