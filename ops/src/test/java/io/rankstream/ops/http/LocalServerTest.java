package io.rankstream.ops.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalServerTest {

    /** More than a connection holds of what nobody takes. */
    private static final byte[] LARGE = new byte[16 << 20];

    private LocalServer server;

    @BeforeEach
    void start() throws IOException {
        server = serve(Duration.ofSeconds(2));
    }

    private static LocalServer serve(Duration limit) throws IOException {
        return LocalServer.start(
                "test",
                0,
                limit,
                exchange ->
                        exchange.send(
                                200,
                                "text/plain",
                                exchange.path().equals("/large")
                                        ? LARGE
                                        : "here".getBytes(StandardCharsets.US_ASCII)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** More of them than there are threads, and they stay. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "G",
                "GET / HTTP/1.1\r\n",
                "GET / HTTP/1.1\r\nHost: local",
                "GET / HTTP/1.1\r\nHost: localhost\r\n",
                "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n"
            })
    void whoSendsHalfARequestOrTakesNoAnswerHoldsUpNobody(String half) throws Exception {
        List<Socket> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                waiting.add(RawRequest.begun(server.address(), half));
            }

            assertThat(RawRequest.answer(server.address(), "GET / HTTP/1.1", "Host: localhost"))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("here");
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    static Stream<String> bodiesThatNeverCome() {
        List<String> methods = List.of("GET", "HEAD", "POST", "DELETE", "TRACE", "X");
        List<String> bodies =
                List.of(
                        "Content-Length: 1\r\n\r\n",
                        "Content-Length: 9\r\n\r\nhalf",
                        "Content-Length: 65537\r\n\r\n",
                        "Content-Length: 9223372036854775807\r\n\r\nhalf",
                        "Transfer-Encoding: chunked\r\n\r\n",
                        "Transfer-Encoding: chunked\r\n\r\n5\r\nha",
                        "Transfer-Encoding: chunked\r\n\r\n5\r\nhalf!\r\n",
                        "Transfer-Encoding: Chunked\r\n\r\nffffff\r\n",
                        "Expect: 100-continue\r\nContent-Length: 9\r\n\r\n",
                        "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n");
        return methods.stream()
                .flatMap(
                        method ->
                                bodies.stream()
                                        .map(
                                                body ->
                                                        "%s / HTTP/1.1\r\nHost: localhost\r\n%s"
                                                                .formatted(method, body)));
    }

    /** With a limit that nobody lives to see: a thread that waits for a body waits for good. */
    @ParameterizedTest
    @MethodSource("bodiesThatNeverCome")
    @Timeout(60)
    void nobodyWaitsForABody(String request) throws Exception {
        try (LocalServer patient = serve(Duration.ofDays(1))) {
            List<Socket> waiting = new ArrayList<>();
            try {
                for (int i = 0; i < 100; i++) {
                    waiting.add(RawRequest.begun(patient.address(), request));
                }
                for (Socket socket : waiting) {
                    assertThat(lastAnswer(socket)).startsWith("HTTP/1.1 413 ");
                }
                assertThat(
                                RawRequest.answer(
                                        patient.address(), "GET / HTTP/1.1", "Host: localhost"))
                        .startsWith("HTTP/1.1 200")
                        .endsWith("here");
            } finally {
                for (Socket socket : waiting) {
                    socket.close();
                }
            }
        }
    }

    /** The first line of the answer; returns once the server has closed. */
    private static String lastAnswer(Socket socket) throws IOException {
        String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        return all.lines().findFirst().orElse("");
    }

    /** Whoever sends on and on is closed as well. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 9223372036854775807", "Transfer-Encoding: chunked"})
    @Timeout(60)
    void aBodyThatNeverEndsIsNotRead(String framing) throws Exception {
        try (LocalServer patient = serve(Duration.ofDays(1));
                Socket socket =
                        RawRequest.begun(
                                patient.address(),
                                "POST / HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n"
                                        .formatted(framing))) {
            byte[] chunk = "1\r\nx\r\n".getBytes(StandardCharsets.US_ASCII);

            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(
                            () -> {
                                while (true) {
                                    socket.getOutputStream().write(chunk);
                                }
                            });
        }
    }

    @Test
    void aBodyThatIsThereIsAnsweredToo() throws Exception {
        assertThat(
                        RawRequest.answer(
                                server.address(),
                                "POST / HTTP/1.1",
                                "Host: localhost",
                                "Content-Length: 0"))
                .startsWith("HTTP/1.1 405");
        try (Socket socket =
                RawRequest.begun(
                        server.address(),
                        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody")) {
            assertThat(lastAnswer(socket)).startsWith("HTTP/1.1 413");
        }
    }

    /** Request and status of the answer. */
    static Stream<Arguments> requestsThatAreNone() {
        return Stream.of(
                Arguments.of("400", "GET"),
                Arguments.of("400", "GET /"),
                Arguments.of("400", "GET  "),
                Arguments.of("400", " "),
                Arguments.of("400", "/ HTTP/1.1"),
                Arguments.of("400", "GET / HTTP"),
                Arguments.of("505", "GET / HTTPS/1.1"),
                Arguments.of("400", "GET /a b HTTP/1.1"),
                Arguments.of("400", "GET / HTTP/1.1\r\nNo name"),
                Arguments.of("400", "GET / HTTP/1.1\r\n: no name"),
                Arguments.of("400", "GET / HTTP/1.1\r\nBad name: x"),
                Arguments.of("400", "GET / HTTP/1.1\r\nContent-Length: many"),
                Arguments.of("400", "GET / HTTP/1.1\r\nContent-Length: -1"),
                Arguments.of("400", "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2"),
                Arguments.of("400", "\u0016\u0003\u0001\u0002 \u0001 \u0001"),
                Arguments.of("414", "GET /" + "a".repeat(10_000) + " HTTP/1.1"),
                Arguments.of("431", "GET / HTTP/1.1\r\nX: " + "a".repeat(10_000)),
                Arguments.of("505", "GET / HTTP/2.0"),
                Arguments.of("505", "GET / HTTP/0.9"));
    }

    @ParameterizedTest
    @MethodSource("requestsThatAreNone")
    void aRequestThatIsNoneIsAnsweredWithASentence(String status, String request) throws Exception {
        assertThat(saidTo(request, status)).matches("(The|This) .*\\.\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "a",
                "a/b",
                "http:",
                "http://",
                "http:///",
                "localhost:80",
                "mailto:a@b",
                "ftp://localhost/",
                "?a=b",
                "#",
                "\\",
                "{}",
                "/%",
                "/%zz",
                "/a%2",
                "/?%",
                "/?a=%g1"
            })
    void whatIsNoPathIsAnsweredWithASentence(String target) throws Exception {
        assertThat(saidTo("GET " + target + " HTTP/1.1", "400"))
                .startsWith("What the request asks for is no path: ");
    }

    /** The JDK's reader of URIs would refuse most of them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    /                     | /
                    //                    | //
                    ///                   | ///
                    //a                   | //a
                    //a:b                 | //a:b
                    //[                   | //[
                    /a//b                 | /a//b
                    /{a}^`               | /{a}^`
                    /a%20b?c=d            | /a b
                    /:80                  | /:80
                    http://localhost      | /
                    HTTP://localhost/a    | /a
                    http://localhost?a=b  | /
                    http://[::1]:8080//a  | //a
                    """)
    void everyPathIsAskedForAsItIs(String target, String path) throws Exception {
        try (LocalServer echo =
                LocalServer.start(
                        "test",
                        0,
                        LocalServer.LIMIT,
                        exchange -> exchange.refuse(404, exchange.path()))) {
            assertThat(
                            RawRequest.answer(
                                    echo.address(),
                                    "GET " + target + " HTTP/1.1",
                                    "Host: localhost"))
                    .startsWith("HTTP/1.1 404")
                    .endsWith("\r\n\r\n" + path + "\n");
        }
    }

    /** A proxy would ask so, and the header would not tell. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://evil.example/",
                "http://evil.example",
                "HTTPS://evil.example:80/a",
                "http://localhost@evil.example/",
                "http://[/",
                "http://[::/a",
                "http://localhost:80:80/",
                "http://evil.example?a=@localhost"
            })
    void aPathBehindAForeignHostIsNotServed(String target) throws Exception {
        assertThat(
                        RawRequest.answer(
                                server.address(), "GET " + target + " HTTP/1.1", "Host: localhost"))
                .startsWith("HTTP/1.1 421 ");
    }

    /** No byte that can be sent is answered in words that are not ours. */
    @Property(tries = 100)
    void noFirstLineIsAnsweredByOthersWords(@ForAll @CharRange(from = 1, to = 127) String line)
            throws Exception {
        try (LocalServer own = serve(LocalServer.LIMIT)) {
            String answer = RawRequest.answer(own.address(), line, "Host: localhost");

            assertThat(answer)
                    .startsWith("HTTP/1.1 ")
                    .containsPattern("(?s)\r\n\r\n(here|(The|This|What) .*\\.\n)$")
                    .doesNotContain("Exception", "<h1>");
        }
    }

    @Test
    void aPageThatFailsSaysSo() throws Exception {
        try (LocalServer failing =
                LocalServer.start(
                        "test",
                        0,
                        LocalServer.LIMIT,
                        exchange -> {
                            throw new IllegalStateException("secret");
                        })) {
            assertThat(RawRequest.answer(failing.address(), "GET / HTTP/1.1", "Host: localhost"))
                    .startsWith("HTTP/1.1 500")
                    .contains("The page could not be made")
                    .doesNotContain("secret", "Exception");
        }
    }

    @Test
    void whoSendsNoMoreIsAnsweredStill() throws Exception {
        try (Socket socket =
                RawRequest.begun(server.address(), "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            socket.shutdownOutput();

            assertThat(lastAnswer(socket)).startsWith("HTTP/1.1 200");
        }
    }

    /** What is said to a request, below its headers. */
    private String saidTo(String request, String status) throws IOException {
        String answer = RawRequest.answer(server.address(), request, "Host: localhost");
        assertThat(answer)
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("content-type: text/plain", "Content-Security-Policy")
                .doesNotContain("Exception", "java", "<");
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    @Test
    void aRequestThatIsNeverWholeIsDropped() throws Exception {
        try (Socket socket = RawRequest.begun(server.address(), "GET / HTTP/1.1\r\nHos")) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, Host: localhost, 200",
        "HEAD, Host: LOCALHOST.:80, 200",
        "GET, Host: evil.example, 421",
        "GET, X-Host: localhost, 421",
        "POST, Host: localhost, 405",
        "DELETE, Host: localhost, 405",
        "POST, Host: evil.example, 421"
    })
    void isReadUnderTheNamesOfThisMachineAlone(String method, String host, String status)
            throws Exception {
        assertThat(RawRequest.answer(server.address(), method + " / HTTP/1.1", host))
                .startsWith("HTTP/1.1 " + status);
    }

    /** Takes ten bytes at one path, and repeats them. */
    private static LocalServer taking(Duration limit) throws IOException {
        return LocalServer.start(
                "test",
                0,
                limit,
                new LocalServer.Pages() {
                    @Override
                    public void answer(Exchange exchange) {
                        exchange.send(200, "text/plain", exchange.body());
                    }

                    @Override
                    public int largestBody(String path) {
                        return path.equals("/in") ? 10 : 0;
                    }
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    POST /in  | Content-Length: 10         | 200
                    POST /in  | Content-Length: 11         | 413
                    POST /in  | Transfer-Encoding: chunked | 411
                    POST /in  | Origin: http://evil.test   | 403
                    GET /in   | Content-Length: 10         | 405
                    PUT /in   | Content-Length: 10         | 405
                    POST /out | Content-Length: 10         | 413
                    """)
    void takesABodyWhereThePagesSaySoAndOfTheLengthThatTheySay(
            String request, String header, String status) throws Exception {
        try (LocalServer taking = taking(LocalServer.LIMIT)) {
            String answer =
                    RawRequest.answer(
                            taking.address(),
                            request + " HTTP/1.1",
                            "Host: localhost",
                            header,
                            "Connection: close\r\n\r\n0123456789");

            assertThat(answer).startsWith("HTTP/1.1 " + status);
            if (status.equals("200")) {
                assertThat(answer).contains("\r\n\r\n0123456789");
            }
        }
    }

    @Test
    void aBodyMayComeInParts() throws Exception {
        try (LocalServer taking = taking(LocalServer.LIMIT);
                Socket socket =
                        RawRequest.begun(
                                taking.address(),
                                "POST /in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nha")) {
            socket.getOutputStream().write("lf".getBytes(StandardCharsets.US_ASCII));

            assertThat(
                            new String(
                                    socket.getInputStream().readAllBytes(),
                                    StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("half");
        }
    }

    @Test
    void aBodyThatIsNeverWholeIsDropped() throws Exception {
        try (LocalServer taking = taking(Duration.ofMillis(200));
                Socket socket =
                        RawRequest.begun(
                                taking.address(),
                                "POST /in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nha")) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }
}
