package io.rankstream.ops.labelstudio;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears that something has changed in a project, on the loopback address alone. What is posted is
 * not read: whoever rings has the bridge look, and can do nothing else. A ring without the secret
 * in its path is not heard.
 *
 * <p>Thread-safe.
 */
final class Doorbell implements AutoCloseable {

    /** What paths of bells begin with, those of earlier starts included. */
    static final String PATH = "/rankstream-bell/";

    private static final Logger LOG = LoggerFactory.getLogger(Doorbell.class);

    private static final int THREADS = 4;
    private static final int BACKLOG = 64;
    private static final int SECRET_BYTES = 16;
    private static final int MOST_BYTES = 64 * 1024;
    private static final int NO_CONTENT = 204;
    private static final int NOT_FOUND = 404;
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private final String secret;
    private final HttpServer server;
    private final ExecutorService threads;
    private final Set<Long> rung = ConcurrentHashMap.newKeySet();

    private Doorbell(String secret, HttpServer server, ExecutorService threads) {
        this.secret = secret;
        this.server = server;
        this.threads = threads;
    }

    /**
     * Starts to listen.
     *
     * @param port port of the loopback address; 0 for a free one
     * @throws BridgeException if the port cannot be had
     */
    static Doorbell open(int port) throws BridgeException {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port),
                            BACKLOG);
            ExecutorService threads =
                    Executors.newFixedThreadPool(
                            THREADS,
                            task -> {
                                Thread thread = new Thread(task, "label-studio-bell");
                                thread.setDaemon(true);
                                return thread;
                            });
            Doorbell bell = new Doorbell(HexFormat.of().formatHex(bytes), server, threads);
            server.setExecutor(threads);
            server.createContext("/", bell::answer);
            server.start();
            return bell;
        } catch (IOException e) {
            throw BridgeException.lasting(
                    "port %d of 127.0.0.1 cannot be had for webhooks (%s): let --webhook-port name another, or 0 for a free one"
                            .formatted(port, e.getMessage()),
                    e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readNBytes(MOST_BYTES);
            String path = exchange.getRequestURI().getPath();
            String own = PATH + secret + "/";
            if (path != null && path.startsWith(own) && ring(path.substring(own.length()))) {
                exchange.sendResponseHeaders(NO_CONTENT, -1);
            } else {
                LOG.debug("A ring with another path is not heard");
                exchange.sendResponseHeaders(NOT_FOUND, -1);
            }
        }
    }

    private boolean ring(String project) {
        try {
            rung.add(Long.parseLong(project));
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Where it listens. */
    URI address() {
        return URI.create("http://127.0.0.1:%d".formatted(server.getAddress().getPort()));
    }

    /** Path of the bell of a project. */
    String path(long project) {
        return PATH + secret + "/" + project;
    }

    /** Ids of projects whose bell rang since the last call. */
    Set<Long> rung() {
        Set<Long> heard = new HashSet<>(rung);
        rung.removeAll(heard);
        return heard;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
