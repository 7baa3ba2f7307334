package io.rankstream.ops.labelstudio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.preflight.TopicCreation;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.cli.CommandProcess;
import io.rankstream.ops.fault.Await;
import io.rankstream.ops.stack.Distribution;
import io.rankstream.ops.stack.LocalStack;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.RequestAction;
import io.rankstream.schemas.RequestReason;
import io.rankstream.schemas.VoteKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A bridge between a real broker and a real Label Studio, each of which is killed. */
@Tag("nightly")
@Timeout(900)
class LabelStudioIT {

    @TempDir static Path folder;

    private static LabelStudioServer people;
    private static LocalStack stack;
    private static JobConfig job;

    private Process bridge;
    private int starts;

    @BeforeAll
    static void startBoth() throws Exception {
        people = LabelStudioServer.start(folder.resolve("label-studio"));
        stack =
                LocalStack.start(
                        Distribution.locate(), folder.resolve("work"), folder.resolve("logs"));
        Files.writeString(
                configFile(),
                """
                kafka.bootstrap-servers: %s
                registry.url: %s
                publish.directory: '%s'
                flink.execution.checkpointing.dir: '%s'
                training.labels: [ham, spam]
                loop.mode: only
                loop.budget-share: .1
                """
                        .formatted(
                                stack.bootstrapServers(),
                                stack.registryUrl(),
                                folder.resolve("adapters"),
                                folder.resolve("checkpoints").toUri()));
        job = ConfigFile.load(configFile());
        TopicCreation.createMissing(job.kafka(), job.topics(), job.usedTopics());
    }

    @AfterAll
    static void stopBoth() {
        if (people != null) {
            people.close();
        }
        if (stack != null) {
            stack.close();
        }
    }

    @AfterEach
    void stopBridge() {
        if (bridge != null) {
            bridge.destroyForcibly();
        }
    }

    @Test
    void whatHappensToAnAnnotationIsOnTheTopicOnceWhoeverIsAwayMeanwhile() throws Exception {
        startBridge("whole", people.personalToken());
        send(open("r1", "e1"), open("r2", "e2"), open("r3", "e3"));
        Await.until("requests are tasks", () -> isAsked("r1") && isAsked("r3"));

        long first = people.annotate("r1", "ham");
        people.change(first, "spam");
        people.skip("r2");
        Await.until("what was said is on the topic", () -> says("e1", "spam") && votes() >= 2);

        bridge.destroyForcibly().waitFor();
        long second = people.annotate("r3", "ham");
        people.delete(first);
        send(cancel("r2", "e2"), open("r4", "e4"));
        startBridge("whole", LabelStudioServer.TOKEN);
        Await.until("what was said meanwhile is on the topic", () -> says("e3", "ham"));
        Await.until("what was asked meanwhile is a task", () -> isAsked("r4"));

        people.kill();
        send(open("r5", "e5").setLabels(List.of("ham", "news")).setLabelRevision(2));
        Await.until("the bridge says so", () -> err().contains("cannot be reached"));
        people.start();
        Await.until("what was asked meanwhile is a task", () -> isAsked("r5"));
        people.annotate("r5", "news");
        people.change(second, "spam");
        Await.until("what was said is on the topic", () -> says("e5", "news"));
        Await.until("what was said is on the topic", () -> says("e3", "spam"));

        List<LabelVote> votes = written();
        assertThat(votes)
                .extracting(vote -> tuple(vote.getLabelId(), vote.getRevision()))
                .doesNotHaveDuplicates();
        assertThat(votes)
                .filteredOn(vote -> vote.getExampleId().equals("e1"))
                .last()
                .satisfies(vote -> assertThat(vote.getKind()).isEqualTo(VoteKind.RETRACT));
        assertThat(votes)
                .filteredOn(vote -> vote.getExampleId().equals("e2"))
                .extracting(LabelVote::getKind)
                .containsExactly(VoteKind.SKIP);
        assertThat(votes)
                .filteredOn(vote -> vote.getExampleId().equals("e3"))
                .extracting(LabelVote::getLabel, LabelVote::getRequestId)
                .containsExactly(tuple("ham", "r3"), tuple("spam", "r3"));
        stopGently();
        assertThat(people.call("GET", "/api/webhooks/", null)).isEmpty();
        assertThat(Files.readString(bridgeFolder().resolve("out")))
                .contains(
                        "Works again.",
                        "2 tasks pushed, 3 votes written (0 skips, 1 retraction), 1 request"
                                + " withdrawn");
    }

    private static boolean isAsked(String request) throws Exception {
        return !people.taskOf(request).isMissingNode();
    }

    private boolean says(String example, String label) {
        return written().stream()
                .anyMatch(
                        vote ->
                                vote.getExampleId().equals(example)
                                        && label.equals(vote.getLabel()));
    }

    private int votes() {
        return written().size();
    }

    private static List<LabelVote> written() {
        try (TopicReader<LabelVote> reader =
                TopicReader.committed(
                        job.kafka(), job.topics().of(Topic.LABELS), LabelVote.getClassSchema())) {
            return reader.readToEnd();
        }
    }

    private void startBridge(String name, String token) throws Exception {
        starts++;
        bridge =
                CommandProcess.start(
                        bridgeFolder(),
                        Map.of("LABEL_STUDIO_API_KEY", token),
                        "label-studio",
                        "--config",
                        configFile().toString(),
                        "--url",
                        people.address(),
                        "--project",
                        name,
                        "--look-every",
                        "3");
    }

    private Path bridgeFolder() {
        return folder.resolve("bridge-" + starts);
    }

    private String err() throws Exception {
        return Files.readString(bridgeFolder().resolve("err"));
    }

    private void stopGently() throws Exception {
        bridge.destroy();
        assertThat(bridge.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private static Path configFile() {
        return folder.resolve("job.yaml");
    }

    private static void send(LabelRequest.Builder... requests) throws Exception {
        try (SchemaRegistry registry = new SchemaRegistry(job.registry());
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(job.kafka().producerProperties())) {
            int schema = registry.idOf(job.topics(), Topic.LABEL_REQUESTS);
            for (LabelRequest.Builder request : requests) {
                LabelRequest built = request.build();
                producer.send(
                                new ProducerRecord<>(
                                        job.topics().of(Topic.LABEL_REQUESTS),
                                        Topic.LABEL_REQUESTS.key().of(built),
                                        WireFormat.encode(schema, built)))
                        .get(30, TimeUnit.SECONDS);
            }
        }
    }

    private static LabelRequest.Builder open(String request, String example) {
        return LabelRequest.newBuilder()
                .setRequestId(request)
                .setExampleId(example)
                .setAdapterId("spam")
                .setAction(RequestAction.OPEN)
                .setReason(RequestReason.UNCERTAIN)
                .setText("Text of " + example + " <b>&amp;</b> \0")
                .setMetadata(Map.of("from", "a"))
                .setLabels(List.of("ham", "spam"))
                .setLabelRevision(1)
                .setSuggestion("ham")
                .setSuggestionProbability(0.75f)
                .setInclusionProbability(0.1)
                .setVotesWanted(1)
                .setPriority(1)
                .setRequestedAt(Instant.parse("2026-05-04T10:00:00Z"))
                .setExpiresAt(Instant.parse("2026-05-05T10:00:00Z"));
    }

    private static LabelRequest.Builder cancel(String request, String example) {
        return open(request, example)
                .setAction(RequestAction.CANCEL)
                .setText("")
                .setLabels(List.of())
                .setSuggestion(null)
                .setVotesWanted(0);
    }
}
