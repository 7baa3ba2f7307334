package io.rankstream.ops.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.adapters.Adapter;
import io.rankstream.adapters.AdapterTemplate;
import io.rankstream.adapters.BaseModel;
import io.rankstream.adapters.Example;
import io.rankstream.adapters.ModelOptions;
import io.rankstream.adapters.Prediction;
import io.rankstream.adapters.engine.ComputeDevice;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.weights.Sha256;
import io.rankstream.job.config.option.DeviceSetting;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.job.config.settings.ServeSettings;
import io.rankstream.ops.serve.version.Announcement;
import io.rankstream.ops.serve.version.VersionId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server over published adapters, asked by HTTP. */
@Timeout(120)
class AdapterServerTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_LENGTH = 32;
    private static final String TEXT = "win a free prize now";
    private static final String NAMES = "\uD83D\uDE00 Anna Maier in Lima";
    private static final String QUESTION = "When does it leave?";
    private static final String PASSAGE = "\uD83D\uDE00 The train leaves at nine today from Lima.";
    private static final List<Example> EXAMPLES =
            List.of(
                    new Example("win money now, click here for a free prize", "spam"),
                    new Example("the meeting is moved to thursday", "ham"));

    @TempDir private static Path published;

    /** What each version says of {@link #TEXT}. */
    private static final Map<Long, Prediction> SAID = new HashMap<>();

    private final HttpClient client = HttpClient.newHttpClient();
    private AdapterServer server;

    /** Three versions of {@code spam}, one of {@code list}, one of a number. */
    @BeforeAll
    static void publish() throws IOException {
        try (BaseModel model =
                BaseModel.embedded(
                        ModelOptions.DEFAULTS.withMaxTokens(MAX_LENGTH).withThreads(1))) {
            AdapterTemplate template =
                    AdapterTemplate.classification("ham", "spam").initRank(2).build();
            try (Adapter adapter = model.create("spam", template)) {
                for (long version = 1; version <= 3; version++) {
                    adapter.train(EXAMPLES);
                    adapter.save(folder("spam", version));
                    SAID.put(version, adapter.predict(TEXT));
                }
            }
            try (Adapter adapter =
                    model.create(
                            "list",
                            AdapterTemplate.classification("dev", "users").initRank(2).build())) {
                adapter.train(List.of(new Example("how do I build it?", "users")));
                adapter.save(folder("list", 1));
            }
            try (Adapter adapter =
                    model.create("stars", AdapterTemplate.regression().initRank(2).build())) {
                adapter.train(List.of(new Example("good", 5), new Example("bad", 1)));
                adapter.save(folder("stars", 1));
            }
        }
    }

    /** Four examples are learned by heart. */
    @BeforeAll
    static void publishOfOtherTasks() throws IOException {
        try (BaseModel model =
                BaseModel.embedded(
                        ModelOptions.DEFAULTS.withMaxTokens(MAX_LENGTH).withThreads(1))) {
            learn(
                    model,
                    "topics",
                    AdapterTemplate.multiLabelClassification("late", "broken"),
                    Example.several("it came late", List.of("late")),
                    Example.several("it came late and broken", List.of("late", "broken")),
                    Example.several("all is well", List.of()));
            learn(
                    model,
                    "names",
                    AdapterTemplate.task("token-classification", "O", "B-PER", "I-PER", "B-LOC"),
                    new Example(
                            NAMES,
                            Optional.empty(),
                            new Target.Several(
                                    List.of(
                                            new Target.Span(2, 12, "PER"),
                                            new Target.Span(16, 20, "LOC")))),
                    new Example("nobody is here", Optional.empty(), new Target.Several(List.of())));
            learn(
                    model,
                    "desk",
                    AdapterTemplate.task("question-answering"),
                    new Example(QUESTION, Optional.of(PASSAGE), new Target.Span(19, 26)),
                    new Example(
                            QUESTION,
                            Optional.of("Nobody knows anything."),
                            new Target.Several(List.of())));
        }
    }

    private static void learn(
            BaseModel model, String id, AdapterTemplate.Builder template, Example... examples)
            throws IOException {
        AdapterTemplate built =
                template.initRank(2)
                        .targetRank(2)
                        .learningRate(5e-3)
                        .headLearningRate(5e-2)
                        .build();
        try (Adapter adapter = model.create(id, built)) {
            for (int step = 0; step < 30; step++) {
                adapter.train(List.of(examples));
            }
            adapter.save(folder(id, 1));
        }
    }

    @AfterAll
    static void forget() {
        SAID.clear();
    }

    private static Path folder(String adapter, long version) {
        return published.resolve(adapter).resolve("v%08d".formatted(version));
    }

    private static Announcement announcement(String adapter, long version) throws IOException {
        Path folder = folder(adapter, version);
        return new Announcement(
                new VersionId(adapter, version, folder.toString()),
                version,
                Sha256.of(Files.readAllBytes(folder.resolve(Manifest.FILE))),
                "all-MiniLM-L6-v2",
                List.of(),
                2 * version);
    }

    private static ServeSettings settings(int maxWaiting, Duration linger) {
        return new ServeSettings(
                "127.0.0.1",
                0,
                Optional.empty(),
                Optional.empty(),
                64 << 20,
                256,
                linger,
                maxWaiting,
                8,
                10_000,
                Duration.ofSeconds(30));
    }

    private static AdapterServer open(ServeSettings settings) throws Exception {
        return AdapterServer.open(
                new ModelSettings(
                        new ModelSource.Embedded(),
                        MAX_LENGTH,
                        1,
                        new DeviceSetting.Fixed(new ComputeDevice.Cpu()),
                        null),
                settings);
    }

    @BeforeEach
    void start() throws Exception {
        server = open(settings(64, Duration.ZERO));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void begin() throws IOException {
        server.listener()
                .begin(
                        Map.of(
                                "spam", announcement("spam", 2),
                                "list", announcement("list", 1),
                                "stars", announcement("stars", 1)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.address().resolve(path));
    }

    private HttpRequest post(String path, String body) {
        return request(path)
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<String> send(HttpRequest request) throws Exception {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode json(HttpRequest request) throws Exception {
        HttpResponse<String> response = send(request);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private JsonNode ask(String path, String... texts) throws Exception {
        return json(post(path, JSON.writeValueAsString(Map.of("texts", texts))));
    }

    private String problem(int status, HttpRequest request) throws Exception {
        HttpResponse<String> response = send(request);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        JsonNode problem = JSON.readTree(response.body());
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("title").asText()).isNotBlank();
        return problem.get("detail").asText();
    }

    @Test
    void saysWhatTheAdapterItselfSaysOfATextInEachOfItsVersions() throws Exception {
        server.listener().begin(Map.of("spam", announcement("spam", 3)));

        for (long version = 1; version <= 3; version++) {
            JsonNode answer = ask("/v1/adapters/spam/predict?version=" + version, TEXT);
            Prediction expected = SAID.get(version);

            assertThat(answer.get("adapter").asText()).isEqualTo("spam");
            assertThat(answer.get("version").asLong()).isEqualTo(version);
            assertThat(answer.get("step").asLong()).isEqualTo(version);
            assertThat(answer.get("labels")).hasToString("[\"ham\",\"spam\"]");
            JsonNode said = answer.get("predictions").get(0);
            assertThat(said.get("label").asText()).isEqualTo(expected.label());
            assertThat(said.get("probabilities").get(0).floatValue())
                    .isEqualTo(expected.probabilities().get("ham"));
            assertThat(said.get("probabilities").get(1).floatValue())
                    .isEqualTo(expected.probabilities().get("spam"));
            assertThat(said.get("truncated").asBoolean()).isFalse();
        }
        assertThat(ask("/v1/adapters/spam/predict?version=latest", TEXT).get("version").asLong())
                .isEqualTo(3);
    }

    @Test
    void pairsLongTextsAndNumbersAreAnswered() throws Exception {
        begin();

        JsonNode pairs =
                json(
                        post(
                                "/v1/adapters/spam/predict",
                                """
                                {"inputs": [{"text": "one", "textPair": "two"}, {"text": "one", "textPair": null}]}
                                """));
        JsonNode long100 = ask("/v1/adapters/spam/predict", "word ".repeat(100));
        JsonNode number = ask("/v1/adapters/stars/predict", "very good");

        assertThat(pairs.get("predictions")).hasSize(2);
        assertThat(pairs.at("/predictions/0/probabilities"))
                .isNotEqualTo(pairs.at("/predictions/1/probabilities"));
        assertThat(long100.at("/predictions/0/truncated").asBoolean()).isTrue();
        assertThat(number.at("/predictions/0/number").isNumber()).isTrue();
        assertThat(number.get("labels")).isEmpty();
        assertThat(number.at("/predictions/0").has("label")).isFalse();
    }

    private void beginOfOtherTasks() throws IOException {
        server.listener()
                .begin(
                        Map.of(
                                "topics", announcement("topics", 1),
                                "names", announcement("names", 1),
                                "desk", announcement("desk", 1)));
    }

    @Test
    void anyNumberOfLabelsIsSaidWithTheProbabilityOfEach() throws Exception {
        beginOfOtherTasks();

        JsonNode answer =
                ask("/v1/adapters/topics/predict", "it came late and broken", "all is well");

        assertThat(answer.get("labels")).hasToString("[\"late\",\"broken\"]");
        assertThat(answer.at("/predictions/0/label")).hasToString("[\"broken\",\"late\"]");
        assertThat(answer.at("/predictions/0/probabilities")).hasSize(2);
        assertThat(answer.at("/predictions/1/label")).isEmpty();
        assertThat(answer.at("/predictions/1/probabilities")).hasSize(2);
    }

    @Test
    void entitiesHaveTheirPlacesInCodePointsAndWhatTheTextSaysThere() throws Exception {
        beginOfOtherTasks();

        JsonNode answer = ask("/v1/adapters/names/predict", NAMES, "nobody is here");

        assertThat(answer.at("/predictions/0"))
                .hasToString(
                        "{\"label\":[{\"start\":2,\"end\":12,\"label\":\"PER\"},{\"start\":16,\"end\":20,\"label\":\"LOC\"}],\"entities\":[\"Anna Maier\",\"Lima\"],\"truncated\":false}");
        assertThat(answer.at("/predictions/1"))
                .hasToString("{\"label\":[],\"entities\":[],\"truncated\":false}");
    }

    @Test
    void anAnswerHasItsPlaceInTheSecondTextAndWhatIsThere() throws Exception {
        beginOfOtherTasks();

        JsonNode answers = askOf(QUESTION, PASSAGE, QUESTION, "Nobody knows anything.");

        assertThat(answers.at("/predictions/0"))
                .hasToString(
                        "{\"label\":{\"start\":19,\"end\":26},\"answer\":\"at nine\",\"truncated\":false}");
        assertThat(answers.at("/predictions/1"))
                .hasToString("{\"label\":[],\"answer\":\"\",\"truncated\":false}");
    }

    @Test
    void aQuestionThatIsTooLongIsCutAndALongPassageIsReadInWindows() throws Exception {
        beginOfOtherTasks();

        JsonNode answers =
                askOf(QUESTION.repeat(20), PASSAGE, QUESTION, "No news today. ".repeat(20));

        assertThat(answers.at("/predictions/0/truncated").asBoolean()).isTrue();
        assertThat(answers.at("/predictions/1/truncated").asBoolean()).isFalse();
    }

    private JsonNode askOf(String question, String passage, String other, String otherPassage)
            throws Exception {
        return json(
                post(
                        "/v1/adapters/desk/predict",
                        JSON.writeValueAsString(
                                Map.of(
                                        "inputs",
                                        List.of(
                                                Map.of("text", question, "textPair", passage),
                                                Map.of(
                                                        "text",
                                                        other,
                                                        "textPair",
                                                        otherPassage))))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"texts\": [\"When?\"]}",
                "{\"inputs\": [{\"text\": \"When?\"}]}",
                "{\"inputs\": [{\"text\": \"When?\", \"textPair\": \" \"}]}",
                "{\"texts\": [\"\"]}"
            })
    void aQuestionWithoutAPassageIsToldWhereThePassageIsExpected(String body) throws Exception {
        beginOfOtherTasks();

        assertThat(problem(422, post("/v1/adapters/desk/predict", body)))
                .startsWith("text 1 of 1 cannot be read: there is no passage, expected ")
                .contains("textPair");
    }

    @Test
    void aNewVersionTakesThePlaceUnderLoadAndNoRequestIsLost() throws Exception {
        begin();
        assertThat(ask("/v1/adapters/spam/predict", TEXT).get("version").asLong()).isEqualTo(2);
        HttpRequest request =
                post("/v1/adapters/spam/predict", "{\"texts\": [\"%s\"]}".formatted(TEXT));
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
            if (i == 20) {
                server.listener().announced(announcement("spam", 3));
            }
        }

        TreeSet<Long> versions = new TreeSet<>();
        for (CompletableFuture<HttpResponse<String>> each : all) {
            assertThat(each.join().statusCode()).isEqualTo(200);
            versions.add(JSON.readTree(each.join().body()).get("version").asLong());
        }
        assertThat(versions).isSubsetOf(2L, 3L);
        awaitServing(3);
        assertThat(ask("/v1/adapters/spam/predict", TEXT).get("version").asLong()).isEqualTo(3);
    }

    private void awaitServing(long version) throws Exception {
        while (json(request("/v1/adapters/spam").build()).get("serving").asLong() != version) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aDamagedVersionIsRefusedWithASentenceAndTheOlderOneStays(@TempDir Path copies)
            throws Exception {
        begin();
        ask("/v1/adapters/spam/predict", TEXT);
        Path damaged = copies.resolve("spam").resolve("v00000003");
        Files.createDirectories(damaged);
        Files.copy(folder("spam", 3).resolve(Manifest.FILE), damaged.resolve(Manifest.FILE));
        byte[] snapshot = Files.readAllBytes(folder("spam", 3).resolve(AdapterSnapshot.FILE));
        snapshot[snapshot.length / 2] ^= 1;
        Files.write(damaged.resolve(AdapterSnapshot.FILE), snapshot);

        server.listener()
                .announced(
                        new Announcement(
                                new VersionId("spam", 3, damaged.toString()),
                                3,
                                announcement("spam", 3).manifestSha256(),
                                "all-MiniLM-L6-v2",
                                List.of(),
                                6));
        JsonNode status = json(request("/v1/adapters/spam").build());
        while (status.get("refused").isEmpty()) {
            status = json(request("/v1/adapters/spam").build());
        }

        assertThat(status.at("/announced/version").asLong()).isEqualTo(3);
        assertThat(status.get("serving").asLong()).isEqualTo(2);
        assertThat(status.at("/refused/0/version").asLong()).isEqualTo(3);
        assertThat(status.at("/refused/0/reason").asText())
                .contains("adapter 'spam' in " + damaged, "is not what manifest.json lists");
        assertThat(ask("/v1/adapters/spam/predict", TEXT).get("version").asLong()).isEqualTo(2);
        assertThat(send(request("/metrics").build()).body())
                .contains("rankstream_serve_refused_versions 1.0");
    }

    @Test
    void tellsOfItsAdaptersAndItself() throws Exception {
        begin();
        ask("/v1/adapters/list/predict", TEXT);

        JsonNode all = json(request("/v1/adapters").build()).get("adapters");
        assertThat(
                        StreamSupport.stream(all.spliterator(), false)
                                .map(one -> one.get("adapter").asText()))
                .containsExactly("list", "spam", "stars");
        assertThat(all.at("/0/serving").asLong()).isEqualTo(1);
        assertThat(all.at("/0/ready").asBoolean()).isTrue();
        assertThat(all.at("/1/serving").isNull()).isTrue();
        assertThat(all.at("/1/announced/path").asText()).isEqualTo(folder("spam", 2).toString());
        assertThat(send(request("/metrics").build()).body())
                .contains(
                        "rankstream_serve_requests_total{route=\"predict\",code=\"200\",} 1.0",
                        "rankstream_serve_texts_total 1.0",
                        "rankstream_serve_resident_adapters 1.0",
                        "rankstream_serve_ready 1.0");
    }

    @Test
    void everyFigureIsOnItsPage() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "serve.md"));

        assertThat(
                        send(request("/metrics").build())
                                .body()
                                .lines()
                                .filter(line -> line.startsWith("# TYPE "))
                                .map(line -> line.replaceFirst("# TYPE (\\S+) .*", "$1")))
                .hasSizeGreaterThan(15)
                .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }

    @Test
    void isReadyWhenWhatWasAnnouncedIsKnown() throws Exception {
        assertThat(send(request("/healthz").build()).statusCode()).isEqualTo(200);
        assertThat(problem(503, request("/readyz").build())).contains("were not read to their end");
        assertThat(problem(503, post("/v1/adapters/spam/predict", "{\"texts\": [\"a\"]}")))
                .contains("were not read to their end");

        begin();

        assertThat(json(request("/readyz").build()).get("adapters").asInt()).isEqualTo(3);
        assertThat(server.awaitReady(Duration.ZERO)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/v1/adapters/none/predict | 404 | {\"texts\": [\"a\"]} | no version of adapter 'none' was announced",
                "/v1/adapters/spam/predict?version=9 | 404 | {\"texts\": [\"a\"]} | version 9 of adapter 'spam' was not announced",
                "/v1/adapters/spam/predict?version=new | 400 | {\"texts\": [\"a\"]} | expected a number from 1 on, or 'latest'",
                "/v1/adapters/spam/predict?v=1 | 400 | {\"texts\": [\"a\"]} | expected nothing, or one 'version'",
                "/v1/adapters/spam/predict | 400 | {\"texts\": [\"a\" | the body is not JSON",
                "/v1/adapters/spam/predict | 400 | [] | the body is no JSON object",
                "/v1/adapters/spam/predict | 400 | {} | neither 'texts' nor 'inputs'",
                "/v1/adapters/spam/predict | 400 | {\"text\": \"a\"} | expected {\"texts\"",
                "/v1/adapters/spam/predict | 400 | {\"texts\": \"a\"} | 'texts' is no list",
                "/v1/adapters/spam/predict | 400 | {\"texts\": [1]} | 'texts[0]' is no string",
                "/v1/adapters/spam/predict | 400 | {\"inputs\": [{\"textPair\": \"a\"}]} | 'inputs[0].text' is not there",
                "/v1/adapters/spam/predict | 400 | {\"texts\": []} | there is no text",
                "/v1/adapters/spam/predict | 422 | {\"texts\": [\"a\", \" \"]} | text 2 of 2 cannot be read",
                "/nowhere | 404 | {} | expected /v1/adapters"
            })
    void whatCannotBeAnsweredIsToldWithWhatWasExpected(
            String path, int status, String body, String part) throws Exception {
        begin();

        assertThat(problem(status, post(path, body))).contains(part);
    }

    @Test
    void methodsTypesAndSizesAreLimited() throws Exception {
        begin();

        HttpResponse<String> get = send(request("/v1/adapters/spam/predict").build());
        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(get.headers().firstValue("Allow")).contains("POST");
        assertThat(problem(405, post("/v1/adapters", "{}"))).contains("expected GET");
        assertThat(
                        problem(
                                415,
                                request("/v1/adapters/spam/predict")
                                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                        .build()))
                .contains("expected application/json");
        String nine =
                JSON.writeValueAsString(
                        Map.of("texts", IntStream.range(0, 9).mapToObj(i -> "a").toList()));
        assertThat(problem(413, post("/v1/adapters/spam/predict", nine)))
                .contains("there are 9 texts, expected 8 at most");
        assertThat(
                        problem(
                                413,
                                post(
                                        "/v1/adapters/spam/predict",
                                        "{\"texts\": [\"%s\"]}".formatted("a".repeat(10_000)))))
                .contains("serve.max-request-size");
    }

    @Test
    void whatWouldWaitTooLongIsToldToComeBack() throws Exception {
        try (AdapterServer small = open(settings(2, Duration.ofSeconds(1)))) {
            small.listener().begin(Map.of("spam", announcement("spam", 2)));
            URI predict = small.address().resolve("/v1/adapters/spam/predict");
            HttpRequest two =
                    HttpRequest.newBuilder(predict)
                            .header("Content-Type", "application/json")
                            .POST(
                                    HttpRequest.BodyPublishers.ofString(
                                            "{\"texts\": [\"a\", \"b\"]}"))
                            .build();
            CompletableFuture<HttpResponse<String>> waits =
                    client.sendAsync(two, HttpResponse.BodyHandlers.ofString());
            HttpRequest metrics =
                    HttpRequest.newBuilder(small.address().resolve("/metrics")).build();
            while (!send(metrics).body().contains("rankstream_serve_waiting_texts 2.0")) {
                Thread.onSpinWait();
            }

            HttpResponse<String> refused = send(two);

            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After").map(Integer::valueOf))
                    .hasValueSatisfying(seconds -> assertThat(seconds).isPositive());
            assertThat(refused.body()).contains("2 texts wait already");
            assertThat(waits.join().statusCode()).isEqualTo(200);
            assertThat(send(two).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aServerThatIsDrainedIsNotReadyAndTakesNothing() throws Exception {
        begin();

        server.drain();

        assertThat(server.isReady()).isFalse();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> send(request("/readyz").build()));
    }

    @Test
    void aPortThatIsTakenIsToldInASentence() throws Exception {
        ServeSettings taken = settings(1, Duration.ZERO).withPort(server.address().getPort());

        assertThatExceptionOfType(ServeException.class)
                .isThrownBy(() -> open(taken))
                .withMessageContaining("set serve.port to another one");
    }

    @Test
    void labelStudioIsAnsweredAsAnMlBackend() throws Exception {
        begin();
        String config =
                "<View><Text name=\\\"text\\\" value=\\\"$text\\\"/><Choices name=\\\"label\\\" toName=\\\"text\\\"><Choice value=\\\"ham\\\"/><Choice value=\\\"spam\\\"/></Choices></View>";

        assertThat(json(request("/label-studio/spam/health").build()).get("status").asText())
                .isEqualTo("UP");
        assertThat(
                        json(post(
                                        "/label-studio/spam/setup",
                                        "{\"project\": \"1.1700000000\", \"schema\": \"%s\", \"hostname\": \"http://localhost:8080\", \"access_token\": \"t\"}"
                                                .formatted(config)))
                                .get("model_version")
                                .asText())
                .isEqualTo("spam v2");
        JsonNode predicted =
                json(
                        post(
                                "/label-studio/spam/predict",
                                "{\"tasks\": [{\"id\": 1, \"data\": {\"text\": \"%s\"}}], \"model_version\": null, \"project\": \"1.1700000000\", \"label_config\": \"%s\", \"params\": {\"login\": null}}"
                                        .formatted(TEXT, config)));
        assertThat(predicted.at("/results/0/model_version").asText()).isEqualTo("spam v2");
        JsonNode result = predicted.at("/results/0/result/0");
        assertThat(result.get("from_name").asText()).isEqualTo("label");
        assertThat(result.get("to_name").asText()).isEqualTo("text");
        assertThat(result.get("type").asText()).isEqualTo("choices");
        assertThat(result.at("/value/choices/0").asText()).isEqualTo(SAID.get(2L).label());
        assertThat(predicted.at("/results/0/score").floatValue())
                .isEqualTo(SAID.get(2L).probability());
        assertThat(
                        json(post(
                                        "/label-studio/spam/webhook",
                                        "{\"action\": \"ANNOTATION_CREATED\"}"))
                                .get("status")
                                .asText())
                .isEqualTo("ok");
    }

    @Test
    void tasksOfLabelStudioMayNameTheirAdaptersAndLabelsThatItDoesNotOfferAreLeftOut()
            throws Exception {
        begin();
        String config =
                "<View><Text name=\\\"t\\\" value=\\\"$body\\\"/><Choices name=\\\"c\\\" toName=\\\"t\\\"><Choice value=\\\"dev\\\"/><Choice value=\\\"users\\\"/></Choices></View>";
        String tasks =
                "[{\"data\": {\"body\": \"a\"}, \"meta\": {\"adapterId\": \"spam\"}}, {\"data\": {\"body\": \"b\", \"adapterId\": \"list\"}}]";

        JsonNode results =
                json(post(
                                "/predict",
                                "{\"tasks\": %s, \"label_config\": \"%s\"}"
                                        .formatted(tasks, config)))
                        .get("results");

        assertThat(results.at("/0/model_version").asText()).isEqualTo("spam v2");
        assertThat(results.at("/0/result")).isEmpty();
        assertThat(results.at("/1/model_version").asText()).isEqualTo("list v1");
        assertThat(results.at("/1/result/0/from_name").asText()).isEqualTo("c");
        assertThat(
                        problem(
                                400,
                                post(
                                        "/predict",
                                        "{\"tasks\": [{\"data\": {\"body\": \"a\"}}], \"label_config\": \"%s\"}"
                                                .formatted(config))))
                .contains("task 1 names no adapter");
        assertThat(problem(400, post("/predict", "{\"tasks\": [], \"label_config\": \"<View/>\"}")))
                .contains("has no Choices of a Text");
    }
}
