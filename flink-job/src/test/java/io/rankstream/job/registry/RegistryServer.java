package io.rankstream.job.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.rankstream.job.config.settings.RegistrySettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/**
 * A schema registry for tests: a real HTTP server on loopback that answers as Confluent's API does,
 * and can be told to fail.
 */
public final class RegistryServer implements AutoCloseable {

    private static final String BASE = "/apis/ccompat/v7";

    private final ObjectMapper json = new ObjectMapper();
    private final Map<Integer, String> answersById = new LinkedHashMap<>();
    private final Map<UUID, String> answersByGuid = new LinkedHashMap<>();
    private final Map<String, List<String>> subjects = new LinkedHashMap<>();
    private final Map<String, Integer> ids = new LinkedHashMap<>();
    private final Map<String, String> levels = new LinkedHashMap<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<String> authorizations = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private volatile Fault fault = Fault.none();
    private volatile boolean readOnly;
    private volatile String hidden = "";

    /** What the server does instead of answering, for its next requests. */
    private record Fault(int requests, int status, String body) {

        static final int HANG = 0;

        static Fault none() {
            return new Fault(0, 0, "");
        }

        Fault oneLess() {
            return new Fault(requests - 1, status, body);
        }
    }

    public RegistryServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + BASE;
    }

    public RegistrySettings settings() {
        return new RegistrySettings(
                url(), Map.of(), Duration.ofSeconds(20), Duration.ofSeconds(60), true);
    }

    /** Settings under which nothing is registered. */
    public RegistrySettings readingSettings() {
        return new RegistrySettings(
                url(), Map.of(), Duration.ofSeconds(20), Duration.ofSeconds(60), false);
    }

    /** Requests so far, as "METHOD path". */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    /** Requests so far that would change something. */
    public List<String> writes() {
        return requests().stream().filter(request -> !request.startsWith("GET ")).toList();
    }

    /** The newest schema of each subject. */
    Map<String, Schema> registered() {
        Map<String, Schema> parsed = new LinkedHashMap<>();
        subjects.forEach(
                (subject, texts) ->
                        parsed.put(
                                subject, new Schema.Parser().parse(texts.get(texts.size() - 1))));
        return parsed;
    }

    /** A compatibility level of a subject's own; BACKWARD is that of all others. */
    public void setLevel(String subject, String level) {
        levels.put(subject, level);
    }

    /** Registers a schema, or a text that is none, as the subject's newest version. */
    public synchronized int add(String subject, String text) {
        subjects.computeIfAbsent(subject, unseen -> new ArrayList<>()).add(text);
        // Not consecutive, as the ids of a real registry.
        int id = ids.computeIfAbsent(text, unseen -> 7 + 10 * ids.size());
        putAnswer(id, json.createObjectNode().put("schema", text).toString());
        return id;
    }

    /** Answers 403 to whoever wants to change something, from now on. */
    public void refuseWrites() {
        readOnly = true;
    }

    /** Answers 403 to whoever wants to see a subject, from now on. */
    public void hide(String subject) {
        hidden = subject;
    }

    /** Makes {@code schema} known by {@code id}. */
    public void put(int id, Schema schema) {
        answersById.put(id, json.createObjectNode().put("schema", schema.toString()).toString());
    }

    /** Makes {@code answer}, a JSON object, the answer on {@code id}. */
    void putAnswer(int id, String answer) {
        answersById.put(id, answer);
    }

    /** Makes {@code schema} known by {@code guid}. */
    public void put(UUID guid, Schema schema) {
        putAnswer(guid, json.createObjectNode().put("schema", schema.toString()).toString());
    }

    /** Makes {@code answer}, a JSON object, the answer on {@code guid}. */
    void putAnswer(UUID guid, String answer) {
        answersByGuid.put(guid, answer);
    }

    /** The next requests get this answer, whatever they ask for. */
    public void fail(int requests, int status, String body) {
        fault = new Fault(requests, status, body);
    }

    /** No request gets an answer from now on. */
    void hang() {
        fault = new Fault(Integer.MAX_VALUE, Fault.HANG, "");
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            requests.add(exchange.getRequestMethod() + " " + path.replace(BASE, ""));
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (authorization != null) {
                authorizations.add(authorization);
            }
            JsonNode body = json.readTree(exchange.getRequestBody());
            if (fault.requests() > 0) {
                fault = fault.oneLess();
                fail(exchange, fault);
                return;
            }
            answer(exchange, path.replace(BASE, "").split("/"), body);
        }
    }

    private void fail(HttpExchange exchange, Fault failing) throws IOException {
        if (failing.status() == Fault.HANG) {
            try {
                closing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return;
        }
        send(exchange, failing.status(), failing.body());
    }

    private synchronized void answer(HttpExchange exchange, String[] path, JsonNode body)
            throws IOException {
        String request = exchange.getRequestMethod() + " " + path[1];
        if ((readOnly && !request.startsWith("GET ")) || path[2].equals(hidden)) {
            send(
                    exchange,
                    403,
                    "{\"error_code\": 40301, \"message\": \"Operation not permitted\"}");
            return;
        }
        switch (request) {
            case "GET schemas" ->
                    schema(
                            exchange,
                            path[2].equals("guids")
                                    ? answersByGuid.get(UUID.fromString(path[3]))
                                    : answersById.get(Integer.parseInt(path[3])));
            case "GET subjects" -> versions(exchange, path);
            case "POST subjects" -> register(exchange, path[2], body.get("schema").asText());
            default -> send(exchange, 404, "{\"error_code\": 404, \"message\": \"no such path\"}");
        }
    }

    private static void schema(HttpExchange exchange, String answer) throws IOException {
        if (answer == null) {
            send(exchange, 404, "{\"error_code\": 40403, \"message\": \"Schema not found\"}");
            return;
        }
        send(exchange, 200, answer);
    }

    /** {@code /subjects/S/versions} or {@code /subjects/S/versions/N}. */
    private void versions(HttpExchange exchange, String[] path) throws IOException {
        List<String> texts = subjects.get(path[2]);
        if (texts == null) {
            send(exchange, 404, "{\"error_code\": 40401, \"message\": \"Subject not found\"}");
        } else if (path.length == 4) {
            send(exchange, 200, IntStream.rangeClosed(1, texts.size()).boxed().toList().toString());
        } else {
            String text = texts.get(Integer.parseInt(path[4]) - 1);
            send(
                    exchange,
                    200,
                    json.createObjectNode()
                            .put("subject", path[2])
                            .put("version", Integer.parseInt(path[4]))
                            .put("id", ids.get(text))
                            .put("schema", text)
                            .toString());
        }
    }

    private void register(HttpExchange exchange, String subject, String text) throws IOException {
        Schema schema = new Schema.Parser().parse(text);
        Schema before = registered().get(subject);
        if (before != null && !admits(levels.getOrDefault(subject, "BACKWARD"), before, schema)) {
            send(exchange, 409, "{\"error_code\": 409, \"message\": \"Incompatible schema\"}");
            return;
        }
        send(exchange, 200, "{\"id\": " + add(subject, text) + "}");
    }

    private static boolean admits(String level, Schema before, Schema schema) {
        return switch (level) {
            case "NONE" -> true;
            case "FORWARD" -> reads(before, schema);
            default -> reads(schema, before);
        };
    }

    private static boolean reads(Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType()
                == SchemaCompatibilityType.COMPATIBLE;
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** A URL on loopback where nobody listens. */
    static String deadUrl() {
        try (RegistryServer server = new RegistryServer()) {
            return server.url();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
