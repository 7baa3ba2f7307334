package io.rankstream.ops.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalServerTest {

    /** More than a connection holds of what nobody takes. */
    private static final byte[] LARGE = new byte[16 << 20];

    private LocalServer server;

    @BeforeEach
    void start() throws IOException {
        server =
                LocalServer.start(
                        "test",
                        0,
                        Duration.ofSeconds(2),
                        (exchange, turn) ->
                                LocalServer.send(
                                        exchange,
                                        200,
                                        "text/plain",
                                        exchange.getRequestURI().getPath().equals("/large")
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
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf",
                "GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha",
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
}
