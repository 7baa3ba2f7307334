package io.rankstream.ops.labeling;

import static io.rankstream.ops.labeling.queue.Requests.open;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.ops.http.LocalServer;
import io.rankstream.ops.http.RawRequest;
import io.rankstream.ops.labeling.queue.LabelQueue;
import io.rankstream.ops.vote.VotesException;
import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.VoteKind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelingPagesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-07-01T08:00:00Z");
    private static final AccessToken TOKEN = new AccessToken("the-token");
    private static final String BEARER = "Authorization: Bearer the-token";
    private static final String VOTE =
            """
            {"decision": "d1", "annotator": "ada", "adapterId": "mail", "requestId": "r1",
             "kind": "VOTE", "label": "spam", "suggestionShown": false, "leadTimeMs": 1200}""";

    private final HttpClient http = HttpClient.newHttpClient();
    private final LabelQueue queue = new LabelQueue(LabelQueue.Limits.DEFAULT);
    private final List<LabelVote> written = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean brokerIsAway;
    private LocalServer server;

    @BeforeEach
    void start() throws IOException {
        queue.add(open(1).setText("Win a prize").setMetadata(Map.of("from", "a@b")).build());
        queue.endReading();
        server =
                LocalServer.start(
                        "labeling",
                        0,
                        LocalServer.LIMIT,
                        new LabelingPages(
                                TOKEN,
                                queue,
                                this::write,
                                InstantSource.fixed(NOW),
                                () -> Optional.of("the broker is away").filter(it -> brokerIsAway),
                                () -> 2));
    }

    private void write(List<LabelVote> votes) throws VotesException {
        if (brokerIsAway) {
            throw new VotesException("the broker is away", null);
        }
        written.addAll(votes);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/labeling, text/html",
        "/labeling/labeling.js, text/javascript",
        "/labeling/desk.js, text/javascript",
        "/labeling/text.js, text/javascript",
        "/labeling/labeling.css, text/css",
        "/labeling/console.css, text/css",
        "/labeling/icon.svg, image/svg+xml"
    })
    void filesOfThePageAreForEverybodyAndLoadNothingFromElsewhere(String path, String type)
            throws Exception {
        HttpResponse<String> response = http.send(request(path).build(), BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith(type);
        assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self';");
        assertThat(response.body()).doesNotContain("https://", "the-token", "Win a prize");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Bearer another",
                "Authorization: Bearer",
                "Authorization: Basic the-token",
                "Authorization: Bearer the-token-and-more",
                "X-Token: the-token",
                "Cookie: token=the-token"
            })
    void withoutTheTokenNothingIsToldAndNothingTaken(String header) throws Exception {
        for (String path :
                List.of(
                        "/labeling/api/next?annotator=ada",
                        "/labeling/api/standing?annotator=ada",
                        "/labeling/api/else")) {
            assertThat(raw("GET " + path + " HTTP/1.1", "Host: localhost", header))
                    .startsWith("HTTP/1.1 401")
                    .contains("The token is missing or another")
                    .doesNotContain("Win a prize");
        }
        assertThat(posted(VOTE, header)).startsWith("HTTP/1.1 401");
        assertThat(written).isEmpty();
    }

    @Test
    void aTextIsShownWithWhatIsBesideIt() throws Exception {
        JsonNode request = get("/labeling/api/next?annotator=ada").path("request");

        assertThat(request.path("text").asText()).isEqualTo("Win a prize");
        assertThat(request.path("metadata").toString()).isEqualTo("{\"from\":\"a@b\"}");
        assertThat(request.path("labels").toString()).isEqualTo("[\"ham\",\"spam\"]");
        assertThat(request.path("suggestion").isNull()).isTrue();
        assertThat(request.has("reason")).as("which would sway").isFalse();
    }

    @Test
    void aVoteIsWrittenAndTheNextTextComes() throws Exception {
        queue.add(open(2).build());

        assertThat(posted(VOTE, BEARER))
                .startsWith("HTTP/1.1 201")
                .endsWith("{\"labelId\":\"console/ada\",\"revision\":1782892800000}");

        assertThat(written).hasSize(1);
        assertThat(written.get(0).getLabel()).isEqualTo("spam");
        assertThat(written.get(0).getKind()).isEqualTo(VoteKind.VOTE);
        assertThat(get("/labeling/api/next?annotator=ada").at("/request/requestId").asText())
                .isEqualTo("r2");
    }

    @Test
    void aVoteThatCannotBeWrittenIsToldAndCanBeHandedOverAgain() throws Exception {
        brokerIsAway = true;
        assertThat(posted(VOTE, BEARER))
                .startsWith("HTTP/1.1 503")
                .endsWith("The vote is not written: the broker is away\n");
        assertThat(get("/labeling/api/standing?annotator=ada").path("problem").asText())
                .isEqualTo("the broker is away");

        brokerIsAway = false;
        assertThat(posted(VOTE, BEARER)).startsWith("HTTP/1.1 201");
        assertThat(posted(VOTE, BEARER)).as("its answer was lost").startsWith("HTTP/1.1 200");
        assertThat(written).hasSize(1);
    }

    @Test
    void standingCountsWhatWaitsAndWhatCannotBeRead() throws Exception {
        JsonNode standing =
                get("/labeling/api/standing?annotator=ada&holding=r1&of=mail&adapter=mail");

        assertThat(standing.toString())
                .isEqualTo(
                        "{\"reading\":false,\"waiting\":1,\"open\":1,\"others\":0,"
                                + "\"adapters\":[{\"id\":\"mail\",\"waiting\":1}],\"leftOut\":0,"
                                + "\"unshown\":0,\"unreadable\":2,\"holds\":true,\"problem\":null}");
    }

    @Test
    void whatIsNotOpenIsGone() throws Exception {
        assertThat(posted(VOTE.replace("r1", "r9"), BEARER))
                .startsWith("HTTP/1.1 410")
                .contains("the last 20 of each annotator", "Nothing was written");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {                                  | The body is no JSON
                    []                                 | The body is no JSON object
                    {"kind": "VOTE"} x                 | The body is no JSON
                    {"kind": "VOTE", "kind": "SKIP"}   | The body is no JSON
                    {}                                 | 'kind' is no text of 1 to 1,024 characters
                    {"kind": "UNKNOWN"}                | 'kind' is not known, expected VOTE, SKIP or RETRACT
                    {"kind": "SKIP", "label": "ham"}   | 'label' is given, expected none
                    {"kind": "VOTE", "label": [1]}     | 'label' is neither a text, nor a finite number, nor a list of texts
                    {"kind": "VOTE", "label": 1e999}   | 'label' is neither a text, nor a finite number, nor a list of texts
                    """)
    void whatIsNoAnswerIsSaidToBeWrong(String body, String sentence) throws Exception {
        assertThat(posted(body, BEARER)).startsWith("HTTP/1.1 400").contains(sentence);
        assertThat(written).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "annotator": "ada"       | "annotator": " "          | 'annotator' is no name
                    "annotator": "ada"       | "annotator": "a\\u0000b"  | 'annotator' is no name
                    "decision": "d1"         | "decision": ""            | 'decision' is no text
                    "requestId": "r1"        | "requestId": 1            | 'requestId' is no text
                    "suggestionShown": false | "suggestionShown": "no"   | 'suggestionShown' is neither true nor false
                    "leadTimeMs": 1200       | "leadTimeMs": -1          | 'leadTimeMs' is no whole number
                    "leadTimeMs": 1200       | "leadTimeMs": 0.5         | 'leadTimeMs' is no whole number
                    "label": "spam"          | "label": "eggs"           | 'label' is none of those
                    "label": "spam"          | "label": null             | 'label' is missing
                    """)
    void membersOutOfTheirBoundsAreSaidToBeWrong(String right, String wrong, String sentence)
            throws Exception {
        assertThat(posted(VOTE.replace(right, wrong), BEARER))
                .startsWith("HTTP/1.1 400")
                .contains(sentence);
        assertThat(written).isEmpty();
    }

    @Test
    void aNameIsNoLongerThanTheContractHasIt() throws Exception {
        assertThat(posted(VOTE.replace("\"ada\"", "\"" + "a".repeat(256) + "\""), BEARER))
                .startsWith("HTTP/1.1 201");
        assertThat(posted(VOTE.replace("\"ada\"", "\"" + "a".repeat(257) + "\""), BEARER))
                .startsWith("HTTP/1.1 400");
        assertThat(raw("GET /labeling/api/next?annotator=%20 HTTP/1.1", "Host: localhost", BEARER))
                .startsWith("HTTP/1.1 400");
    }

    /** Browsers say whose page has sent a request; a form of another one cannot send JSON. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Origin: http://evil.example    | 403
                    Origin: null                   | 403
                    Sec-Fetch-Site: cross-site     | 403
                    Sec-Fetch-Site: same-site      | 403
                    Sec-Fetch-Site: same-origin    | 201
                    Origin: http://localhost       | 201
                    Content-Type: text/plain       | 415
                    """)
    void pagesFromElsewhereWriteNothing(String header, String status) throws Exception {
        String type = header.startsWith("Content-Type") ? "X: y" : "Content-Type: application/json";

        assertThat(
                        raw(
                                "POST /labeling/api/votes HTTP/1.1",
                                "Host: localhost",
                                "Content-Length: " + VOTE.length(),
                                type,
                                header,
                                BEARER,
                                "Connection: close\r\n\r\n" + VOTE))
                .startsWith("HTTP/1.1 " + status);
        assertThat(written).hasSize(status.equals("201") ? 1 : 0);
    }

    @Test
    void onlyVotesAreTakenAndThoseByPostAlone() throws Exception {
        assertThat(raw("GET /labeling/api/votes HTTP/1.1", "Host: localhost", BEARER))
                .startsWith("HTTP/1.1 405")
                .containsIgnoringCase("allow: POST");
        assertThat(
                        raw(
                                "POST /labeling/api/next?annotator=ada HTTP/1.1",
                                "Host: localhost",
                                "Content-Length: 0",
                                BEARER))
                .startsWith("HTTP/1.1 405")
                .containsIgnoringCase("allow: GET, HEAD");
    }

    private JsonNode get(String path) throws Exception {
        HttpResponse<String> response =
                http.send(
                        request(path).header("Authorization", "Bearer the-token").build(),
                        BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.address() + path.substring(1)));
    }

    private String posted(String body, String header) throws Exception {
        HttpResponse<String> response =
                http.send(
                        request("/labeling/api/votes")
                                .header("Content-Type", "application/json; charset=utf-8")
                                .header(
                                        header.substring(0, header.indexOf(':')),
                                        header.substring(header.indexOf(':') + 1).strip())
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
        return "HTTP/1.1 %d %s".formatted(response.statusCode(), response.body());
    }

    private String raw(String... lines) throws IOException {
        return RawRequest.answer(server.address(), lines);
    }
}
