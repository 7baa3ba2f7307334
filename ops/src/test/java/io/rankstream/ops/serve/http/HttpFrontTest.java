package io.rankstream.ops.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.flink.shaded.netty4.io.netty.handler.ssl.SslContext;
import org.apache.flink.shaded.netty4.io.netty.handler.ssl.SslContextBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HttpFrontTest {

    private static final int MOST = 1_000;
    private static final Duration PATIENT = Duration.ofSeconds(30);
    private static final Executor HERE = Runnable::run;

    private final HttpClient client = HttpClient.newHttpClient();
    private final BlockingQueue<CompletableFuture<Reply>> asked = new LinkedBlockingQueue<>();
    private final List<Integer> told = Collections.synchronizedList(new ArrayList<>());

    /** Says the path of what is asked; of {@code /held} when somebody completes it. */
    private final Pages pages =
            new Pages() {
                @Override
                public CompletableFuture<Reply> answer(Request request) {
                    if (request.path().equals("/broken")) {
                        throw new IllegalStateException("broken");
                    }
                    CompletableFuture<Reply> reply = new CompletableFuture<>();
                    asked.add(reply);
                    if (!request.path().equals("/held")) {
                        reply.complete(said(request.path() + request.body().length));
                    }
                    return reply;
                }

                @Override
                public void answered(Request request, int status) {
                    told.add(status);
                }
            };

    private static Reply said(String text) {
        return new Reply(200, "text/plain", text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    private static HttpFront.Settings settings(Duration limit) {
        return new HttpFront.Settings(
                "127.0.0.1", 0, Optional.empty(), Optional.empty(), MOST, limit);
    }

    private HttpFront open(Duration limit) throws IOException {
        return HttpFront.open(settings(limit), HERE, pages);
    }

    private static HttpRequest.Builder request(HttpFront front, String path) {
        return HttpRequest.newBuilder(front.address().resolve(path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Socket raw(HttpFront front, String text) throws IOException {
        URI address = front.address();
        Socket socket = new Socket(address.getHost(), address.getPort());
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String line(String method, String path) {
        return "%s %s HTTP/1.1\r\nHost: localhost\r\n".formatted(method, path);
    }

    @Test
    void whoMayNotAskIsToldBeforeTheBodyComesAndTheBodyIsThrownAway() throws Exception {
        HttpFront.Settings exposed =
                new HttpFront.Settings(
                        "127.0.0.1", 0, Optional.empty(), Optional.of("secret"), MOST, PATIENT);
        try (HttpFront front = HttpFront.open(exposed, HERE, pages);
                Socket socket =
                        raw(
                                front,
                                line("POST", "/one")
                                        + "Authorization: Bearer guess\r\nContent-Length: 5000\r\n\r\n")) {
            assertThat(until(socket.getInputStream(), "serve.token")).startsWith("HTTP/1.1 401 ");

            socket.getOutputStream()
                    .write(
                            ("a".repeat(5000)
                                            + line("POST", "/two")
                                            + "Authorization: Bearer secret\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc")
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(until(socket.getInputStream(), "/two3")).contains("HTTP/1.1 200 ");
        }
        assertThat(asked).hasSize(1);
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedBehindTheAnswersOfThoseBefore() throws Exception {
        try (HttpFront front = open(PATIENT);
                Socket socket =
                        raw(
                                front,
                                line("GET", "/held")
                                        + "\r\n"
                                        + line("POST", "/large")
                                        + "Content-Length: 5000\r\n\r\n")) {
            CompletableFuture<Reply> held = asked.take();
            held.complete(said("held"));

            assertThat(until(socket.getInputStream(), "serve.max-request-size"))
                    .containsSubsequence("HTTP/1.1 200 ", "held", "HTTP/1.1 413 ");
        }
    }

    private static String until(InputStream answers, String end) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(end) < 0) {
            int next = answers.read();
            assertThat(next).as("%s, then the end", read).isNotNegative();
            read.append((char) next);
        }
        return read.toString();
    }

    @Test
    void aConnectionIsKeptAndItsRequestsAreAnsweredInTheirOrder() throws Exception {
        try (HttpFront front = open(PATIENT);
                Socket socket =
                        raw(
                                front,
                                line("GET", "/one")
                                        + "\r\n"
                                        + line("POST", "/two")
                                        + "Content-Length: 3\r\n\r\nabc"
                                        + line("GET", "/three")
                                        + "Connection: close\r\n\r\n")) {
            String all =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(all).containsSubsequence("/one0", "/two3", "/three0");
        }
    }

    @Test
    void whoSendsHalfARequestHoldsUpNobodyAndIsDropped() throws Exception {
        try (HttpFront front = open(Duration.ofMillis(300));
                Socket slow = raw(front, line("POST", "/slow") + "Content-Length: 9\r\n\r\nabc")) {
            assertThat(send(request(front, "/quick")).body()).isEqualTo("/quick0");

            assertThat(slow.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWithTheLimit() throws Exception {
        try (HttpFront front = open(PATIENT)) {
            HttpResponse<String> reply =
                    send(
                            request(front, "/large")
                                    .POST(
                                            HttpRequest.BodyPublishers.ofByteArray(
                                                    new byte[MOST + 1])));

            assertThat(reply.statusCode()).isEqualTo(413);
            assertThat(reply.body()).contains("more than 1,000 bytes");
            assertThat(reply.headers().firstValue("Content-Type"))
                    .contains("application/problem+json");
            assertThat(asked).isEmpty();
        }
    }

    @Test
    void whatIsNoRequestIsToldSo() throws Exception {
        try (HttpFront front = open(PATIENT);
                Socket socket = raw(front, "nonsense\r\n\r\n")) {
            assertThat(
                            new String(
                                    socket.getInputStream().readAllBytes(),
                                    StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void anAnswerThatTakesTooLongIsGivenUpAndSaysSo() throws Exception {
        try (HttpFront front = open(Duration.ofMillis(200))) {
            HttpResponse<String> reply = send(request(front, "/held"));

            assertThat(reply.statusCode()).isEqualTo(503);
            assertThat(reply.headers().firstValue("Retry-After")).contains("1");
            assertThat(asked.take().join().status()).isEqualTo(503);
        }
    }

    @Test
    void theAnswerOfAPeerThatHasGoneIsNotWantedAnyMore() throws Exception {
        try (HttpFront front = open(PATIENT)) {
            Socket gone = raw(front, line("GET", "/held") + "\r\n");
            CompletableFuture<Reply> held = asked.take();

            gone.close();

            assertThat(held.join().status()).isEqualTo(499);
        }
    }

    @Test
    void whatThrowsIsAnsweredWith500AndToldOf() throws Exception {
        try (HttpFront front = open(PATIENT)) {
            assertThat(send(request(front, "/broken")).statusCode()).isEqualTo(500);
            assertThat(send(request(front, "/after")).statusCode()).isEqualTo(200);
            assertThat(told).containsExactly(500, 200);
        }
    }

    @Test
    void aRequestThatNoWorkerTakesIsAnsweredWith429() throws Exception {
        Executor full =
                task -> {
                    throw new RejectedExecutionException("full");
                };
        try (HttpFront front = HttpFront.open(settings(PATIENT), full, pages)) {
            HttpResponse<String> reply = send(request(front, "/"));

            assertThat(reply.statusCode()).isEqualTo(429);
            assertThat(reply.headers().firstValue("Retry-After")).contains("1");
        }
    }

    @Test
    void aTokenIsAskedFor() throws Exception {
        HttpFront.Settings guarded =
                new HttpFront.Settings(
                        "127.0.0.1",
                        0,
                        Optional.empty(),
                        Optional.of("0123456789abcdef"),
                        MOST,
                        PATIENT);
        try (HttpFront front = HttpFront.open(guarded, HERE, pages)) {
            HttpResponse<String> refused = send(request(front, "/"));
            HttpResponse<String> admitted =
                    send(request(front, "/").header("Authorization", "Bearer 0123456789abcdef"));

            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer");
            assertThat(admitted.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whatHasComeIsAnsweredBeforeTheEndAndNothingMoreIsTaken() throws Exception {
        HttpFront front = open(PATIENT);
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(
                        request(front, "/held").build(), HttpResponse.BodyHandlers.ofString());
        CompletableFuture<Reply> held = asked.take();
        CompletableFuture<Void> drained =
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                front.drain(PATIENT);
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });

        while (isTaken(front)) {
            Thread.onSpinWait();
        }
        held.complete(said("after all"));

        assertThat(answer.join().body()).isEqualTo("after all");
        assertThat(answer.join().headers().firstValue("Connection")).contains("close");
        drained.join();
        front.close();
    }

    /**
     * Whether the port still listens. A connection that was waiting as the port closed is reset,
     * which is not yet a refusal: the next one tells.
     */
    private static boolean isTaken(HttpFront front) throws IOException {
        try {
            raw(front, "").close();
            return true;
        } catch (SocketException e) {
            return !(e instanceof ConnectException);
        }
    }

    @Test
    void requestsComeByTls(@TempDir Path folder) throws Exception {
        Path store = folder.resolve("key.p12");
        char[] password = "Schluessel-5813".toCharArray();
        assertThat(
                        new ProcessBuilder(
                                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                                .toString(),
                                        "-genkeypair",
                                        "-alias",
                                        "server",
                                        "-keyalg",
                                        "RSA",
                                        "-dname",
                                        "CN=server",
                                        "-ext",
                                        "SAN=ip:127.0.0.1",
                                        "-storetype",
                                        "PKCS12",
                                        "-keystore",
                                        store.toString(),
                                        "-storepass",
                                        new String(password))
                                .inheritIO()
                                .start()
                                .waitFor())
                .isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, password);
        }
        Certificate certificate = keys.getCertificate("server");
        SslContext context =
                SslContextBuilder.forServer(
                                pem(folder, "CERTIFICATE", certificate.getEncoded()).toFile(),
                                pem(
                                                folder,
                                                "PRIVATE KEY",
                                                keys.getKey("server", password).getEncoded())
                                        .toFile())
                        .build();
        HttpFront.Settings secure =
                new HttpFront.Settings(
                        "127.0.0.1", 0, Optional.of(context), Optional.empty(), MOST, PATIENT);
        try (HttpFront front = HttpFront.open(secure, HERE, pages)) {
            HttpClient trusting = HttpClient.newBuilder().sslContext(trusting(certificate)).build();

            assertThat(front.address().getScheme()).isEqualTo("https");
            assertThat(
                            trusting.send(
                                            request(front, "/secret").build(),
                                            HttpResponse.BodyHandlers.ofString())
                                    .body())
                    .isEqualTo("/secret0");
        }
    }

    private static Path pem(Path folder, String kind, byte[] content) throws IOException {
        String body =
                Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(content);
        return Files.writeString(
                folder.resolve(kind.replace(' ', '-') + ".pem"),
                "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(kind, body, kind));
    }

    private static SSLContext trusting(Certificate certificate) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", certificate);
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }
}
