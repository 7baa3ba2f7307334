package io.rankstream.ops.labelstudio.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Answers as Label Studio 1.23.2 was recorded to, one answer after the other. */
final class RecordedLabelStudio implements AutoCloseable {

    private final HttpServer server;
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<Asked> asked = new ArrayList<>();

    private record Answer(int status, String body, boolean stalls) {}

    /** What was asked. */
    record Asked(String method, String path, String authorization, String body) {}

    RecordedLabelStudio() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The next answer, from a file of what was recorded. */
    RecordedLabelStudio with(int status, String file) throws IOException {
        try (InputStream in = RecordedLabelStudio.class.getResourceAsStream(file)) {
            return saying(status, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** The next answer. */
    synchronized RecordedLabelStudio saying(int status, String body) {
        answers.add(new Answer(status, body, false));
        return this;
    }

    /** The next answer, which stops in the middle and leaves the connection open. */
    synchronized void sayingTheFirstHalfOf(String body) {
        answers.add(new Answer(200, body, true));
    }

    synchronized List<Asked> asked() {
        return List.copyOf(asked);
    }

    private void answer(HttpExchange exchange) throws IOException {
        Optional<Answer> answer = next(exchange);
        if (answer.filter(Answer::stalls).isPresent()) {
            byte[] body = answer.get().body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body, 0, body.length / 2);
            exchange.getResponseBody().flush();
            return;
        }
        try (exchange) {
            if (answer.isPresent()) {
                byte[] body = answer.get().body().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(
                        answer.get().status(), body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    /** Nothing is said where there is no answer left: the connection breaks. */
    private synchronized Optional<Answer> next(HttpExchange exchange) throws IOException {
        asked.add(
                new Asked(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().toString(),
                        exchange.getRequestHeaders().getFirst("Authorization"),
                        new String(
                                exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        return Optional.ofNullable(answers.poll());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
