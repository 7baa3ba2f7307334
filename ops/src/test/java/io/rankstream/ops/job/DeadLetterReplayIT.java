package io.rankstream.ops.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.job.RankstreamJob;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.cli.CommandRun;
import io.rankstream.ops.run.RunningJob;
import io.rankstream.ops.stack.LocalStack;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.Prediction;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From bad records to examples that were learned from, with the command line alone. */
@Timeout(600)
class DeadLetterReplayIT {

    private static final int SUCCESS = 0;
    private static final int ENVIRONMENT = 3;

    private static final String BEFORE = "  spam: {labels: [ham, spam]}\n";
    private static final String AFTER =
            "  eggs: {labels: [ham, eggs]}\n  list: {labels: [dev, users]}\n";

    private static final String OPTIONS =
            """
            kafka.bounded: true
            batch.linger: 0 s
            adapters:
            """
                    + BEFORE;

    /** Not long ago, so that the broker keeps the records. */
    private final long sentAt = System.currentTimeMillis() - 60_000;

    @TempDir static Path ofStack;
    private static LocalStack stack;

    @TempDir Path folder;

    private JobFixture job;
    private int letterSchema;

    @BeforeAll
    static void startStack() throws Exception {
        stack = JobFixture.stack(ofStack);
    }

    @AfterAll
    static void stopStack() {
        stack.close();
    }

    @BeforeEach
    void start() throws Exception {
        job = JobFixture.on(stack, folder, OPTIONS);
        try (SchemaRegistry registry = new SchemaRegistry(job.config().registry())) {
            letterSchema =
                    registry.outputs(job.config().topics(), job.config().writtenTopics())
                            .of(Topic.DEAD_LETTERS);
        }
    }

    @AfterEach
    void stop() {
        job.close();
    }

    @Test
    void aTopicThatNoJobHasMadeIsOneSentence() throws Exception {
        String config =
                Files.writeString(
                                folder.resolve("other.yaml"),
                                Files.readString(job.configFile())
                                        + "topics.dead-letters: letters-of-nobody\n")
                        .toString();
        for (String command : List.of("peek", "replay")) {
            CommandRun run = CommandRun.of("dlq", command, "--config", config);

            assertThat(run.exitCode()).isEqualTo(ENVIRONMENT);
            assertThat(run.err().lines())
                    .singleElement()
                    .asString()
                    .contains("has no topic 'letters-of-nobody'");
        }
    }

    @Test
    void whatAConfigurationCuresIsLearnedFromOnceAfterAReplay() throws Exception {
        byte[] eggs =
                job.encoded(example("eggs", "eggs", "an \u001b[31mad\u202e for eggs", "eggs"));
        byte[] list = job.encoded(example("list", "list", "how do I subscribe", "users"));
        byte[] notAvro = {7, 1, 2};
        job.send("spam", job.encoded(example("good", "spam", "a text", "ham")));
        long eggsOffset = job.send("eggs", eggs);
        job.send("spam", null);
        long listOffset = job.send("list", list);
        job.send("spam", notAvro);
        String unchanged = endless("unchanged.yaml", BEFORE, "");
        String savepoint = learnUntil(unchanged, 1, 4);

        CommandRun peek = CommandRun.of("dlq", "peek", "--config", unchanged);
        assertThat(peek.exitCode()).as(peek.err()).isEqualTo(SUCCESS);
        assertThat(peek.out())
                .contains("UNKNOWN_ADAPTER  adapter eggs  from labeled-examples/0/" + eggsOffset)
                .contains("text: 'an \\u{1b}[31mad\\u{202e} for eggs'")
                .contains("text: 'how do I subscribe'")
                .contains("4 dead letters match, 4 shown.")
                .doesNotContain("\u001b")
                .doesNotContain("\u202e");
        assertThat(peek.out().lines().map(line -> line.replaceAll(" +", " ")))
                .contains("UNKNOWN_ADAPTER 2 0", "NULL_VALUE 1 0", "BAD_MAGIC 1 0");

        String changed =
                endless(
                        "changed.yaml",
                        BEFORE + AFTER,
                        "flink.execution.state-recovery.path: '" + savepoint + "'\n");
        CommandRun dryRun = CommandRun.of("dlq", "replay", "--config", changed, "--dry-run");
        assertThat(dryRun.out().lines())
                .containsExactly("To be sent to 'labeled-examples': 2 records (UNKNOWN_ADAPTER 2)");
        assertThat(input()).hasSize(5);

        CommandRun replay = CommandRun.of("dlq", "replay", "--config", changed, "--yes");
        assertThat(replay.exitCode()).as(replay.err()).isEqualTo(SUCCESS);
        assertThat(replay.out())
                .contains("Sent to 'labeled-examples': 2 records (UNKNOWN_ADAPTER 2)");
        List<ConsumerRecord<byte[], byte[]>> sent = input().subList(5, 7);
        assertThat(sent).extracting(ConsumerRecord::value).containsExactly(eggs, list);
        assertThat(sent).extracting(record -> text(record.key())).containsExactly("eggs", "list");
        assertThat(sent)
                .extracting(DeadLetterReplayIT::origin)
                .containsExactly(
                        "labeled-examples/0/" + eggsOffset, "labeled-examples/0/" + listOffset);

        learnUntil(changed, 3, 4);
        assertThat(predictions())
                .extracting(Prediction::getExampleId)
                .containsExactlyInAnyOrder("good", "eggs", "list");

        CommandRun again = CommandRun.of("dlq", "replay", "--config", changed, "--yes");
        assertThat(again.out().lines())
                .containsExactly("To be sent: 0 records", "Left out: 2 that were sent back before");
        assertThat(input()).hasSize(7);
    }

    @Test
    void aLetterWithoutRoomForItsRecordIsAnsweredWithTheRecordItself() throws Exception {
        String letters = job.config().topics().of(Topic.DEAD_LETTERS);
        byte[] large = job.encoded(example(noise(1_048_200), "spam", "a text", "ham"));
        ProducerRecord<byte[], byte[]> sent =
                new ProducerRecord<>(
                        job.config().topics().of(Topic.LABELED_EXAMPLES),
                        0,
                        sentAt,
                        new byte[] {1, 2},
                        large);
        sent.headers().add("trace", new byte[] {7}).add("empty", null);
        put(sent);
        job.send("spam", job.encoded(example("good", "spam", "a text", "ham")));
        limit(letters, 60_000);
        learn(config());
        assertThat(predictions()).extracting(Prediction::getExampleId).containsExactly("good");
        DeadLetter letter = letters().get(0);
        assertThat(letter.getReason()).isEqualTo(DeadLetterReason.INVALID_EXAMPLE_ID);
        assertThat(letter.getMessage()).contains("of 1,048,", "has no room");
        assertThat(letter.getWholeValue().getLength()).isEqualTo(large.length);

        CommandRun replay =
                CommandRun.of(
                        "dlq",
                        "replay",
                        "--config",
                        config(),
                        "--yes",
                        "--reason",
                        "invalid_example_id");

        assertThat(replay.out()).as(replay.err()).contains("Sent to 'labeled-examples': 1 record");
        ConsumerRecord<byte[], byte[]> again = input().get(2);
        assertThat(again.key()).containsExactly(1, 2);
        assertThat(again.value()).isEqualTo(large);
        assertThat(again.timestamp()).isEqualTo(sentAt);
        assertThat(again.headers())
                .extracting(Header::key)
                .containsExactly("trace", "empty", "rankstream.replay-of");
        assertThat(again.headers().lastHeader("trace").value()).containsExactly(7);
    }

    /** Text that compression does not make small. */
    private static String noise(int characters) {
        StringBuilder noise = new StringBuilder(characters);
        new SplittableRandom(1)
                .ints(characters, 'a', 'z' + 1)
                .forEach(each -> noise.append((char) each));
        return noise.toString();
    }

    private void limit(String topic, int bytes) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        AlterConfigOp set =
                new AlterConfigOp(
                        new ConfigEntry("max.message.bytes", String.valueOf(bytes)),
                        AlterConfigOp.OpType.SET);
        try (Admin admin = Admin.create(job.config().kafka().clientProperties())) {
            admin.incrementalAlterConfigs(Map.of(resource, List.of(set)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void documentsInJsonAreLearnedFromRefusedAndSentBackAsTheyAre() throws Exception {
        byte[] eggs = document("8", "eggs", "'an ad for eggs'", "eggs");
        byte[] wrong = document("null", "spam", "['a', 'list']", "ham");
        byte[] broken = Arrays.copyOf(document("10", "spam", "'a text'", "ham"), 50);
        job.send("spam", document("7", "spam", "'a text'", "ham"));
        job.send("eggs", eggs);
        job.send("spam", wrong);
        job.send("spam", broken);
        job.send("spam", null);
        job.send("spam", document("11", "spam", "'another text'", "ham"));
        String json = inJson("json.yaml", BEFORE);

        learn(json);

        assertThat(predictions()).extracting(Prediction::getExampleId).containsExactly("7", "11");
        assertThat(letters())
                .extracting(DeadLetter::getReason)
                .containsExactlyInAnyOrder(
                        DeadLetterReason.UNKNOWN_ADAPTER,
                        DeadLetterReason.UNDECODABLE,
                        DeadLetterReason.UNDECODABLE,
                        DeadLetterReason.NULL_VALUE);
        JsonNode peek = json(CommandRun.of("dlq", "peek", "--config", json, "-o", "json"));
        assertThat(peek.at("/letters"))
                .extracting(letter -> letter.get("exampleId").asText())
                .containsExactlyInAnyOrder("8", "labeled-examples-0-2", "10", "null");
        assertThat(CommandRun.of("dlq", "peek", "--config", json).out())
                .contains("exampleId: '8'", "text: 'an ad for eggs'")
                .contains("text (at body.text) is a list, expected a text");

        String changed = inJson("changed.yaml", BEFORE + AFTER);
        CommandRun replay =
                CommandRun.of(
                        "dlq",
                        "replay",
                        "--config",
                        changed,
                        "--yes",
                        "--reason",
                        "unknown_adapter",
                        "--reason",
                        "undecodable");
        assertThat(replay.out()).contains("Sent to 'labeled-examples': 3 records");
        assertThat(input().subList(6, 9))
                .extracting(ConsumerRecord::value)
                .containsExactly(eggs, wrong, broken);
    }

    /** A ticket without an id has that of its place. */
    private static byte[] document(String id, String customer, String text, String category) {
        return "{'ticket': %s, 'customer': '%s', 'body': {'text': %s}, 'category': '%s', 'at': 1714816800}"
                .formatted(id, customer, text, category)
                .replace('\'', '"')
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The same job, for tickets. */
    private String inJson(String name, String adapters) throws Exception {
        String yaml = Files.readString(job.configFile()).replace(BEFORE, adapters);
        return Files.writeString(
                        folder.resolve(name),
                        yaml
                                + """
                                input:
                                  format: json
                                  map:
                                    exampleId: ticket
                                    adapterId: customer
                                    text: body.text
                                    label: category
                                    eventTime: at
                                    eventTimeUnit: seconds
                                  defaults:
                                    exampleId: topic-partition-offset
                                """)
                .toString();
    }

    @Test
    void anEndlessRefusalGetsANewLetterThatCanBeSentBackToo() throws Exception {
        job.send("eggs", job.encoded(example("eggs", "eggs", "an ad for eggs", "eggs")));
        for (int round = 1; round <= 2; round++) {
            learn(config());

            CommandRun replay = CommandRun.of("dlq", "replay", "--config", config(), "--yes");

            assertThat(replay.out())
                    .contains("Sent to 'labeled-examples': 1 record (UNKNOWN_ADAPTER 1)");
            assertThat(input()).hasSize(1 + round);
        }
    }

    @Test
    void onlyWhatIsAskedForIsSentAndOnlyToTheInputTopic() throws Exception {
        job.send("spam", null);
        job.send("spam", new byte[] {7, 1, 2});
        job.send("eggs", job.encoded(example("eggs", "eggs", "an ad for eggs", "eggs")));
        learn(config());
        put(forged("predictions", 0, 0)); // a letter that names another topic of ours
        put(forged("labeled-examples", 99, 5)); // and one from a partition that is no more
        put(new byte[] {1, 2, 3}); // and what is no letter

        CommandRun all =
                CommandRun.of(
                        "dlq",
                        "replay",
                        "--config",
                        config(),
                        "--yes",
                        "--reason",
                        "null_value",
                        "--reason",
                        "bad_magic",
                        "--reason",
                        "unknown_label");

        assertThat(all.exitCode()).as(all.err()).isEqualTo(SUCCESS);
        assertThat(all.out())
                .contains(
                        "Sent to 'labeled-examples': 3 records (NULL_VALUE 1, BAD_MAGIC 1, UNKNOWN_LABEL 1)")
                .contains(
                        "Left out: 1 of topics that the job does not read; it reads labeled-examples, control-commands");
        assertThat(input().subList(3, 6))
                .extracting(ConsumerRecord::value)
                .containsExactly(null, new byte[] {7, 1, 2}, new byte[] {42});

        CommandRun limited =
                CommandRun.of(
                        "dlq",
                        "replay",
                        "--config",
                        config(),
                        "--yes",
                        "--limit",
                        "1",
                        "--adapter",
                        "nobody");
        assertThat(limited.out()).contains("0 records");

        JsonNode peek =
                json(
                        CommandRun.of(
                                "dlq", "peek", "--config", config(), "--limit", "2", "-o", "json"));
        assertThat(peek.get("letters")).hasSize(2);
        assertThat(peek.get("matching").asInt()).isEqualTo(5);
        assertThat(peek.get("foreign").asInt()).isEqualTo(1);
        assertThat(peek.at("/reasons/NULL_VALUE/sentBack").asInt()).isEqualTo(1);
        assertThat(peek.at("/reasons/UNKNOWN_ADAPTER/sentBack").asInt()).isZero();
    }

    @Test
    void whatACrashedReplayHadNotCommittedIsSentOnceByTheNext() throws Exception {
        byte[] eggs = job.encoded(example("eggs", "eggs", "an ad for eggs", "eggs"));
        job.send("eggs", eggs);
        learn(config());
        Map<String, Object> options = job.config().kafka().clientProperties();
        options.put("transactional.id", job.config().kafka().groupId() + "-replay");
        try (KafkaProducer<byte[], byte[]> crashed =
                new KafkaProducer<>(
                        options, new ByteArraySerializer(), new ByteArraySerializer())) {
            crashed.initTransactions();
            crashed.beginTransaction();
            String input = job.config().topics().of(Topic.LABELED_EXAMPLES);
            crashed.send(new ProducerRecord<>(input, eggs)).get(30, TimeUnit.SECONDS);

            CommandRun replay = CommandRun.of("dlq", "replay", "--config", config(), "--yes");

            assertThat(replay.out()).contains("Sent to 'labeled-examples': 1 record");
            assertThatThrownBy(crashed::commitTransaction).isInstanceOf(KafkaException.class);
        }
        assertThat(
                        job.<LabeledExample>committed(
                                "labeled-examples", LabeledExample.getClassSchema()))
                .extracting(LabeledExample::getExampleId)
                .containsExactly("eggs", "eggs"); // the refused one, and one more
        assertThat(input()).hasSize(3); // one of them aborted
    }

    @Test
    void aReplayAsksFirst() throws Exception {
        job.send("eggs", job.encoded(example("eggs", "eggs", "an ad for eggs", "eggs")));
        learn(config());

        assertThat(answering("n\n").out()).contains("Send them? [y/N]").doesNotContain("Sent");
        assertThat(answering("").err()).contains("nothing was sent: add --yes");
        assertThat(input()).hasSize(1);
        assertThat(answering("y\n").out()).contains("Sent to 'labeled-examples': 1 record");
        assertThat(input()).hasSize(2);
    }

    private CommandRun answering(String line) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)));
        try {
            return CommandRun.of("dlq", "replay", "--config", config());
        } finally {
            System.setIn(before);
        }
    }

    private static JsonNode json(CommandRun run) throws Exception {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(SUCCESS);
        return new ObjectMapper().readTree(run.out());
    }

    private String config() {
        return job.configFile().toString();
    }

    /** The same job, but one that waits for more. */
    private String endless(String name, String adapters, String more) throws Exception {
        String yaml = Files.readString(job.configFile());
        return Files.writeString(
                        folder.resolve(name),
                        more
                                + yaml.replace("kafka.bounded: true", "batch.max-examples: 1")
                                        .replace(BEFORE, adapters))
                .toString();
    }

    /** Lets the job run until so much has come of it; returns the savepoint that it stopped at. */
    private String learnUntil(String file, int predictions, int letters) throws Exception {
        JobClient client = RankstreamJob.start(ConfigFile.load(Path.of(file)));
        while (predictions().size() < predictions || letters().size() < letters) {
            assertThat(client.getJobStatus().get().isGloballyTerminalState()).isFalse();
        }
        return client.stopWithSavepoint(
                        false,
                        folder.resolve("savepoints").toString(),
                        SavepointFormatType.CANONICAL)
                .get();
    }

    private List<Prediction> predictions() {
        return job.committed(
                job.config().topics().of(Topic.PREDICTIONS), Prediction.getClassSchema());
    }

    private List<DeadLetter> letters() {
        return job.committed(
                job.config().topics().of(Topic.DEAD_LETTERS), DeadLetter.getClassSchema());
    }

    /** Lets the job run to the end of its input. */
    private void learn(String file) throws Exception {
        JobConfig config = ConfigFile.load(Path.of(file));
        try (RunningJob running = RunningJob.start(config)) {
            running.await();
        }
        // the broker may still be marking the last transactions as committed
        job.<DeadLetter>committed(
                config.topics().of(Topic.DEAD_LETTERS), DeadLetter.getClassSchema());
    }

    private byte[] forged(String topic, int partition, long offset) {
        return WireFormat.encode(
                letterSchema,
                DeadLetter.newBuilder()
                        .setReason(DeadLetterReason.UNKNOWN_LABEL)
                        .setMessage("a message")
                        .setTopic(topic)
                        .setPartition(partition)
                        .setOffset(offset)
                        .setValue(ByteBuffer.wrap(new byte[] {42}))
                        .build());
    }

    /** Puts a value on the topic of dead letters. */
    private void put(byte[] value) throws Exception {
        put(new ProducerRecord<>(job.config().topics().of(Topic.DEAD_LETTERS), value));
    }

    private void put(ProducerRecord<byte[], byte[]> record) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        job.config().kafka().clientProperties(),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.send(record).get(30, TimeUnit.SECONDS);
        }
    }

    /** All that was ever sent to the input topic, committed or not; it has one partition. */
    private List<ConsumerRecord<byte[], byte[]>> input() {
        TopicPartition partition =
                new TopicPartition(job.config().topics().of(Topic.LABELED_EXAMPLES), 0);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        job.config().kafka().clientProperties(),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    private static String origin(ConsumerRecord<byte[], byte[]> record) {
        return text(record.headers().lastHeader("rankstream.replay-of").value());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static LabeledExample example(String id, String adapter, String text, String label) {
        return LabeledExample.newBuilder()
                .setExampleId(id)
                .setAdapterId(adapter)
                .setText(text)
                .setLabel(label)
                .setEventTime(Instant.ofEpochMilli(1_000_000))
                .build();
    }
}
