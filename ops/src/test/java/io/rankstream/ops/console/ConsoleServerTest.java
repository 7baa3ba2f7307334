package io.rankstream.ops.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.ops.standing.Drifts;
import io.rankstream.ops.standing.JobEvent;
import io.rankstream.ops.standing.Standings;
import io.rankstream.ops.standing.StepReports;
import io.rankstream.schemas.DriftEvent;
import io.rankstream.schemas.DriftEventKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleServerTest {

    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Board board =
            new Board(new ConsoleSubject("test", "test.yaml", OptionalLong.of(1000)));
    private ConsoleServer server;
    private long stepsSoFar;

    @BeforeEach
    void start() throws ConsoleException {
        server = ConsoleServer.start(0, board, Optional.empty(), InstantSource.fixed(NOW));
    }

    @AfterEach
    void stop() {
        board.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html",
        "/console.js, text/javascript",
        "/uplot.js, text/javascript",
        "/uplot.css, text/css"
    })
    void servesItsFilesAndLetsThemLoadNothingFromElsewhere(String path, String type)
            throws Exception {
        HttpResponse<String> response = get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith(type);
        assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                .doesNotContain("unsafe", "http", "*");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../pom.xml",
                "/%2e%2e/Board.class",
                "/Board.class",
                "/console",
                "//etc/passwd",
                "/events/x"
            })
    void servesNothingElse(String path) throws Exception {
        assertThat(raw("GET " + path + " HTTP/1.1", "Host: localhost")).startsWith("HTTP/1.1 404");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
    void changesNothing(String method) throws Exception {
        assertThat(raw(method + " / HTTP/1.1", "Host: localhost", "Content-Length: 0"))
                .startsWith("HTTP/1.1 405");
    }

    /** A name that somebody has resolved to this machine is not this machine's. */
    @ParameterizedTest
    @CsvSource({
        "localhost, 200",
        "LOCALHOST.:1, 200",
        "127.0.0.1:65535, 200",
        "[::1]:8080, 200",
        "evil.example, 421",
        "evil.example:80, 421",
        "localhost.evil.example, 421",
        "127.0.0.1.evil.example, 421",
        "localhost:80:80, 421",
        "evil@localhost, 421"
    })
    void answersUnderItsOwnNamesAlone(String host, String status) throws Exception {
        assertThat(raw("GET / HTTP/1.1", "Host: " + host)).startsWith("HTTP/1.1 " + status);
    }

    @Test
    void whoComesAnewIsToldEverything() throws Exception {
        change(all -> all.add(StepReports.of("acme", 1, 4, 2, 12, 11), NOW));

        try (Events events = new Events("/events?adapter=acme", null)) {
            JsonNode told = events.next();

            assertThat(told.at("/reset").asBoolean()).isTrue();
            assertThat(told.at("/total").asLong()).isEqualTo(1000);
            assertThat(told.at("/adapters/0/id").asText()).isEqualTo("acme");
            assertThat(told.at("/adapters/0/ranks").asInt()).isEqualTo(23);
            assertThat(told.at("/adapter/points/0/8").toString()).isEqualTo("[12,11]");
        }
    }

    @Test
    void aChangeOfTheStreamIsToldWithWhatWasSaidOfIt() throws Exception {
        DriftEvent alarm = Drifts.alarm("acme", 1_824, 1_790);
        change(all -> all.add(StepReports.of("acme", 457, 1_830, 2, 12, 11), NOW));
        change(all -> all.add(Drifts.expected("acme", 900), NOW.minusSeconds(60)));
        change(all -> all.add(alarm, NOW));

        try (Events events = new Events("/events?adapter=acme", null)) {
            JsonNode told = events.next();
            assertThat(told.at("/adapters/0/sinceDrift").asLong()).isEqualTo(6);
            assertThat(told.at("/adapter/drifts/0/said").asText()).isEqualTo("EXPECTED");
            assertThat(told.at("/adapter/drifts/0/beginning").isNull()).isTrue();
            assertThat(told.at("/adapter/drifts/1/beginning").asLong()).isEqualTo(1_790);
            assertThat(told.at("/adapter/drifts/1/example").asLong()).isEqualTo(1_824);
            assertThat(told.at("/adapter/drifts/1/text").asText())
                    .contains("31.0 %", "4.0 % before", "nobody has confirmed or dismissed it");

            change(all -> all.add(Drifts.about(alarm, DriftEventKind.DISMISSED), NOW));

            JsonNode then = events.next();
            assertThat(then.at("/adapter/drifts/1/text").asText()).endsWith("; dismissed");
            assertThat(then.at("/adapters/0/sinceDrift").isMissingNode()).isTrue();
        }
    }

    @Test
    void whoComesBackIsToldWhatItHasMissedAndNothingElse() throws Exception {
        change(all -> all.add(StepReports.of("acme", 1, 4, 2, 12, 12), NOW));
        change(all -> all.add(StepReports.of("busy", 1, 4, 2, 12, 12), NOW));
        String seen;
        try (Events events = new Events("/events?adapter=acme", null)) {
            events.next();
            seen = events.id;
        }
        change(all -> all.add(StepReports.of("acme", 2, 8, 1, 12, 11), NOW));
        change(all -> all.add(event("the job failed")));

        try (Events events = new Events("/events?adapter=acme", seen)) {
            JsonNode told = events.next();

            assertThat(told.at("/reset").asBoolean()).isFalse();
            assertThat(told.at("/adapters")).hasSize(1);
            assertThat(told.at("/adapter/whole").asBoolean()).isFalse();
            assertThat(told.at("/adapter/points")).hasSize(1);
            assertThat(told.at("/adapter/points/0/0").asLong()).isEqualTo(2);
            assertThat(told.at("/events/0/text").asText()).isEqualTo("the job failed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "x-1", "00000000-3", "00000000-99999999999999999999", "-"})
    void whoComesFromAnotherServerIsToldEverything(String seen) throws Exception {
        change(all -> all.add(StepReports.of("acme", 1, 4, 2, 12), NOW));

        try (Events events = new Events("/events", seen)) {
            assertThat(events.next().at("/reset").asBoolean()).isTrue();
        }
    }

    @Test
    void aCurveThatWentBackIsToldAsAWhole() throws Exception {
        for (int step = 1; step <= 5; step++) {
            int now = step;
            change(all -> all.add(StepReports.of("acme", now, 4L * now, 2, 12), NOW));
        }
        String seen;
        try (Events events = new Events("/events?adapter=acme", null)) {
            events.next();
            seen = events.id;
        }
        change(all -> all.add(StepReports.of("acme", 3, 12, 2, 12), NOW));

        try (Events events = new Events("/events?adapter=acme", seen)) {
            JsonNode told = events.next();

            assertThat(told.at("/adapter/whole").asBoolean()).isTrue();
            assertThat(told.at("/adapter/points")).hasSize(3);
            assertThat(told.at("/events/0/text").asText()).contains("takes step 3 again");
        }
    }

    @Test
    void whoComesBackAfterTheOutputsWereReadAnewIsToldEverything() throws Exception {
        change(all -> all.add(StepReports.of("acme", 1, 4, 2, 12), NOW));
        change(all -> all.add(event("the job failed")));
        String seen;
        try (Events events = new Events("/events", null)) {
            events.next();
            seen = events.id;
        }
        board.restart();
        change(all -> all.add(StepReports.of("acme", 1, 4, 2, 12), NOW));

        try (Events events = new Events("/events", seen)) {
            JsonNode told = events.next();

            assertThat(told.at("/reset").asBoolean()).isTrue();
            assertThat(told.at("/examples").asLong()).isEqualTo(4);
            assertThat(told.at("/restarts").asLong()).isEqualTo(1);
            assertThat(told.at("/events/0/text").asText()).isEqualTo("the job failed");
        }
    }

    @Test
    void eachIsToldOfByTheScoresOfItsOwnTask() throws Exception {
        List<Double> truth = List.of(1., 2., 3., 4.);
        List<Double> said = List.of(2., 1., 4., 3.);
        change(all -> all.add(StepReports.of("mail", 1, 4, 2, 12), NOW));
        change(all -> all.add(StepReports.ofNumbers("price", 1, truth, said, 12), NOW));

        try (Events events = new Events("/events?adapter=price", null)) {
            JsonNode told = events.next();

            JsonNode mail = told.at("/adapters/0");
            assertThat(mail.at("/measure").asText()).isEqualTo("accuracy");
            assertThat(mail.at("/recent").asDouble()).isEqualTo(.875);
            assertThat(mail.at("/baseline").asText()).isEqualTo("majority");
            assertThat(mail.at("/gain").asDouble()).isEqualTo(.375);
            JsonNode price = told.at("/adapters/1");
            assertThat(price.at("/measure").asText()).isEqualTo("Pearson");
            assertThat(price.at("/recent").asDouble()).isCloseTo(.6, within(1e-9));
            assertThat(price.at("/baseline").asText()).isEqualTo("the mean");
            assertThat(price.at("/gain").asDouble()).isCloseTo(1 - 1 / 1.25, within(1e-9));
            assertThat(price.at("/scores"))
                    .extracting(score -> score.at("/name").asText())
                    .contains("Pearson", "Spearman 1,000", "RMSE", "mean's RMSE")
                    .doesNotContain("accuracy", "majority", "words");
            assertThat(price.at("/scores"))
                    .extracting(score -> score.at("/value"))
                    .allMatch(JsonNode::isNumber);
            assertThat(told.at("/adapter/points/0/9/recentPearson").asDouble())
                    .isCloseTo(.6, within(1e-9));
        }
    }

    /** Always the same number: nothing correlates, and always saying the mean is never wrong. */
    @Test
    void whatCannotBeToldOfNumbersIsNull() throws Exception {
        List<Double> same = List.of(3., 3.);
        change(all -> all.add(StepReports.ofNumbers("price", 1, same, List.of(2., 4.), 12), NOW));

        try (Events events = new Events("/events", null)) {
            JsonNode price = events.next().at("/adapters/0");
            assertThat(price.at("/recent").isNull()).isTrue();
            assertThat(price.at("/gain").isNull()).isTrue();
            assertThat(price.at("/measure").asText()).isEqualTo("Pearson");
        }
    }

    @Test
    void numbersThatJsonDoesNotKnowAreNull() throws Exception {
        change(all -> all.add(StepReports.of("acme", 1, 4, Float.NaN, 12), NOW));

        try (Events events = new Events("/events", null)) {
            assertThat(events.next().at("/adapters/0/loss").isNull()).isTrue();
        }
    }

    @Test
    void moreThanSoManyPagesAreRefusedUntilOneCloses() throws Exception {
        change(all -> all.add(StepReports.of("acme", 1, 4, 2, 12), NOW));
        List<Events> open = new ArrayList<>();
        try {
            for (int i = 0; i < EventStreams.MOST; i++) {
                Events events = new Events("/events", null);
                events.next();
                open.add(events);
            }

            assertThat(raw("GET /events HTTP/1.1", "Host: localhost"))
                    .startsWith("HTTP/1.1 503")
                    .contains("16 pages are open");
            assertThat(get("/").statusCode()).isEqualTo(200);
        } finally {
            for (Events events : open) {
                events.close();
            }
        }
    }

    /** The run goes on meanwhile: what is shown changes without waiting for anybody. */
    @Test
    void aPageThatTakesNothingIsDropped() throws Exception {
        Duration slowest = Duration.ofMillis(200);
        try (ConsoleServer impatient =
                        ConsoleServer.start(
                                0, board, Optional.empty(), InstantSource.fixed(NOW), slowest);
                Socket socket =
                        new Socket(
                                InetAddress.getLoopbackAddress(), impatient.address().getPort())) {
            socket.getOutputStream()
                    .write(
                            "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            changeUntil(() -> impatient.pages() == 1);

            changeUntil(() -> impatient.pages() == 0);
        }
    }

    private void changeUntil(BooleanSupplier reached) {
        for (long step = 1; !reached.getAsBoolean() && step < 100_000; step++) {
            List<Consumer<Standings>> changes = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                String id = "adapter-" + i;
                long next = stepsSoFar + step;
                changes.add(all -> all.add(StepReports.of(id, next, 4 * next, 2, 12), NOW));
            }
            board.change(NOW, changes);
        }
        stepsSoFar += 100_000;
        assertThat(reached.getAsBoolean()).isTrue();
    }

    @Test
    void whoOnlyWantsTheLastWordGetsItAndTheStreamEnds() throws Exception {
        try (Events events = new Events("/events", null)) {
            board.tell(NOW, Board.Phase.ENDED, "The stream has ended.");
            board.close();

            JsonNode told = events.next();
            while (!told.at("/phase").asText().equals("ENDED")) {
                told = events.next();
            }
            assertThat(told.at("/message").asText()).isEqualTo("The stream has ended.");
            assertThat(events.rest()).isEmpty();
        }
    }

    @Test
    void aPortThatIsTakenIsSaidInOneSentence() {
        int taken = server.address().getPort();

        assertThatThrownBy(
                        () ->
                                ConsoleServer.start(
                                        taken, board, Optional.empty(), InstantSource.system()))
                .isInstanceOf(ConsoleException.class)
                .hasMessageContaining("port %d of 127.0.0.1 cannot be had", taken)
                .hasMessageContaining("console.port");
    }

    private static JobEvent event(String text) {
        return new JobEvent(NOW, JobEvent.Kind.RESTART, text);
    }

    private void change(Consumer<Standings> change) {
        board.change(NOW, List.of(change));
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI uri = server.address().resolve(path);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** An answer to a request that a decent client would not send. */
    private String raw(String... lines) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
            String request = String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A stream of events, read one by one. */
    private final class Events implements AutoCloseable {

        private final BufferedReader lines;
        private String id;

        Events(String path, String lastEventId) throws Exception {
            HttpRequest.Builder request = HttpRequest.newBuilder(server.address().resolve(path));
            if (lastEventId != null) {
                request.header("Last-Event-ID", lastEventId);
            }
            lines =
                    new BufferedReader(
                            new InputStreamReader(
                                    http.send(
                                                    request.build(),
                                                    HttpResponse.BodyHandlers.ofInputStream())
                                            .body(),
                                    StandardCharsets.UTF_8));
        }

        JsonNode next() throws IOException {
            while (true) {
                String line = lines.readLine();
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                }
                if (line.startsWith("data: {")) {
                    return JSON.readTree(line.substring(6));
                }
            }
        }

        List<String> rest() {
            return lines.lines().filter(line -> line.startsWith("data: {")).toList();
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
