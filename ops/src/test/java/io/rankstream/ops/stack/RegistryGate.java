package io.rankstream.ops.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * An HTTPS server in front of a registry that lets one user in, by basic authentication, and hands
 * his requests on.
 */
final class RegistryGate implements AutoCloseable {

    private static final String REFUSAL = "{\"error_code\": 40101, \"message\": \"Unauthorized\"}";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger admitted = new AtomicInteger();
    private final URI registry;
    private final String credentials;
    private final HttpsServer server;

    RegistryGate(String registryUrl, KeyStores keys, String userAndPassword)
            throws IOException, GeneralSecurityException {
        this.registry = URI.create(registryUrl);
        this.credentials =
                "Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes(UTF_8));
        this.server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls(keys)));
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Port of the loopback interface. */
    int port() {
        return server.getAddress().getPort();
    }

    /** Path of the registry's API. */
    String path() {
        return registry.getPath();
    }

    /** Requests that were handed on. */
    int admitted() {
        return admitted.get();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static SSLContext tls(KeyStores keys) throws IOException, GeneralSecurityException {
        char[] password = keys.keyPassword().toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys.keyStore())) {
            store.load(in, password);
        }
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (!credentials.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                answer(exchange, 401, REFUSAL.getBytes(UTF_8));
                return;
            }
            admitted.incrementAndGet();
            HttpResponse<byte[]> response =
                    client.send(handedOn(exchange, body), BodyHandlers.ofByteArray());
            answer(exchange, response.statusCode(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpRequest handedOn(HttpExchange exchange, byte[] body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(registry.resolve(exchange.getRequestURI()))
                        .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        return (type == null ? request : request.header("Content-Type", type)).build();
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
