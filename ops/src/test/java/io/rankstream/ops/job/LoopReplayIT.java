package io.rankstream.ops.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.cli.CommandRun;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.OutcomeStatus;
import io.rankstream.schemas.RecordHeader;
import io.rankstream.schemas.UnlabeledInput;
import io.rankstream.schemas.VoteKind;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Refused examples, inputs, votes and commands, each back on the topic that it came from. */
@Timeout(300)
class LoopReplayIT {

    private static final int SUCCESS = 0;
    private static final int USAGE = 2;

    private static final String BEFORE = "  mail: {labels: [ham, spam]}\n";
    private static final String AFTER = BEFORE + "  eggs: {labels: [ham, eggs]}\n";

    private static final String OPTIONS =
            """
            kafka.bounded: true
            batch.linger: 0 s
            loop.mode: train
            loop.budget-share: 1
            adapters:
            """
                    + BEFORE;

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /** Not long ago, so that the broker keeps the records. */
    private final long sentAt = System.currentTimeMillis() - 60_000;

    /** In the wire format, with a schema that nobody has registered. */
    private static final byte[] OF_UNKNOWN_SCHEMA = {0, 0, 1, 2, 3, 4};

    private static final byte[] TRACE = {7};

    private static final List<Topic<?>> INPUTS =
            List.of(
                    Topic.LABELED_EXAMPLES,
                    Topic.CONTROL_COMMANDS,
                    Topic.UNLABELED_INPUTS,
                    Topic.LABELS);

    @TempDir Path folder;

    @Test
    void whatWasRefusedGoesBackToTheTopicThatItCameFrom() throws Exception {
        try (JobFixture job = JobFixture.start(folder, OPTIONS);
                KafkaProducer<byte[], byte[]> producer = producer(job)) {
            Map<Topic<?>, byte[]> values =
                    Map.of(
                            Topic.LABELED_EXAMPLES,
                            encoded(job, Topic.LABELED_EXAMPLES, example("e-1", "eggs", "eggs")),
                            Topic.CONTROL_COMMANDS,
                            OF_UNKNOWN_SCHEMA,
                            Topic.UNLABELED_INPUTS,
                            encoded(job, Topic.UNLABELED_INPUTS, input()),
                            Topic.LABELS,
                            encoded(job, Topic.LABELS, vote()));
            for (Topic<?> topic : INPUTS) {
                send(job, producer, topic, values.get(topic));
            }
            job.send("mail", job.encoded(example("e-0", "mail", "spam")));
            runToTheEnd(job.configFile());
            refuseTheCommand(job, producer);

            showsWhatEachSays(job);
            sendsNothingToWhatTheJobDoesNotRead(job);
            takesNoTopicThatIsNoInput(job);
            Path changed = changed(job, "changed.yaml", BEFORE, AFTER);
            sendsOneTopicAlone(changed);
            CommandRun rest = replay(changed, "--yes");
            assertThat(rest.out())
                    .contains("Sent to 'control-commands': 1 record (UNKNOWN_SCHEMA 1)")
                    .contains("Sent to 'labeled-examples': 1 record (UNKNOWN_ADAPTER 1)")
                    .contains("Sent to 'unlabeled-inputs': 1 record (UNKNOWN_ADAPTER 1)")
                    .contains("Left out: 1 that were sent back before");

            for (Topic<?> topic : INPUTS) {
                isThereAgain(job, topic, values.get(topic));
            }
            runToTheEnd(changed, "--fresh");
            assertThat(
                            job.<LabelOutcome>committed(
                                    job.config().topics().of(Topic.LABEL_OUTCOMES),
                                    LabelOutcome.getClassSchema()))
                    .extracting(LabelOutcome::getStatus)
                    .contains(OutcomeStatus.FINAL);
        }
    }

    /** A job reads the commands that come while it runs; this one had ended. */
    private static void refuseTheCommand(JobFixture job, KafkaProducer<byte[], byte[]> producer)
            throws Exception {
        ConsumerRecord<byte[], byte[]> command = all(job, Topic.CONTROL_COMMANDS).get(0);
        DeadLetter letter =
                DeadLetter.newBuilder()
                        .setReason(DeadLetterReason.UNKNOWN_SCHEMA)
                        .setMessage("no such schema")
                        .setTopic(command.topic())
                        .setPartition(command.partition())
                        .setOffset(command.offset())
                        .setKey(ByteBuffer.wrap(command.key()))
                        .setValue(ByteBuffer.wrap(command.value()))
                        .setTimestamp(Instant.ofEpochMilli(command.timestamp()))
                        .setHeaders(List.of(new RecordHeader("trace", ByteBuffer.wrap(TRACE))))
                        .build();
        producer.send(
                        new ProducerRecord<>(
                                job.config().topics().of(Topic.DEAD_LETTERS),
                                command.key(),
                                encoded(job, Topic.DEAD_LETTERS, letter)))
                .get(30, TimeUnit.SECONDS);
    }

    private void showsWhatEachSays(JobFixture job) throws Exception {
        CommandRun text = CommandRun.of("dlq", "peek", "--config", job.configFile().toString());
        assertThat(text.out())
                .as(text.err())
                .contains("4 dead letters match, 4 shown.")
                .contains("from unlabeled-inputs/", "exampleId: 'x-1'", "text: 'an ad for eggs'")
                .contains("from labels/", "annotator: 'ann'", "kind: 'VOTE'", "label: 'eggs'")
                .contains("from control-commands/")
                .contains("text: 'a labeled ad'");

        CommandRun ofVotes =
                CommandRun.of(
                        "dlq",
                        "peek",
                        "--config",
                        job.configFile().toString(),
                        "--topic",
                        "labels",
                        "-o",
                        "json");
        JsonNode letters = new ObjectMapper().readTree(ofVotes.out()).get("letters");
        assertThat(letters).hasSize(1);
        assertThat(letters.get(0).get("labelId").asText()).isEqualTo("l-1");
        assertThat(letters.get(0).get("revision").asText()).isEqualTo("3");
        assertThat(letters.get(0).get("text").isNull()).isTrue();
    }

    private void sendsNothingToWhatTheJobDoesNotRead(JobFixture job) throws Exception {
        Path learning = changed(job, "none.yaml", "loop.mode: train\nloop.budget-share: 1\n", "");

        assertThat(replay(learning, "--dry-run").out())
                .contains("To be sent to 'labeled-examples': 1 record")
                .doesNotContain("'unlabeled-inputs'", "'labels'")
                .contains(
                        "Left out: 2 of topics that the job does not read; it reads labeled-examples, control-commands");
    }

    private void takesNoTopicThatIsNoInput(JobFixture job) {
        CommandRun run = replay(job.configFile(), "--topic", "predictions", "--yes");

        assertThat(run.exitCode()).isEqualTo(USAGE);
        assertThat(run.err())
                .contains("--topic is 'predictions', expected an input of the job: one of")
                .contains("labeled-examples, control-commands, unlabeled-inputs, labels");
    }

    private void sendsOneTopicAlone(Path config) {
        assertThat(replay(config, "--topic", "labels", "--yes").out().lines())
                .containsExactly(
                        "To be sent to 'labels': 1 record (UNKNOWN_ADAPTER 1)",
                        "Sent to 'labels': 1 record (UNKNOWN_ADAPTER 1)");
    }

    private void isThereAgain(JobFixture job, Topic<?> topic, byte[] value) {
        List<ConsumerRecord<byte[], byte[]>> records =
                all(job, topic).stream()
                        .filter(record -> record.headers().lastHeader("trace") != null)
                        .toList();
        assertThat(records).as(topic.role()).hasSize(2);
        ConsumerRecord<byte[], byte[]> first = records.get(0);
        ConsumerRecord<byte[], byte[]> again = records.get(1);
        assertThat(again.partition()).isEqualTo(first.partition());
        assertThat(again.key()).isEqualTo("eggs".getBytes(UTF_8));
        assertThat(again.value()).isEqualTo(value);
        assertThat(again.timestamp()).isEqualTo(sentAt);
        assertThat(again.headers())
                .extracting(Header::key)
                .containsExactly("trace", "rankstream.replay-of");
        assertThat(again.headers().lastHeader("rankstream.replay-of").value())
                .isEqualTo(
                        "%s/%d/%d"
                                .formatted(first.topic(), first.partition(), first.offset())
                                .getBytes(UTF_8));
    }

    private static CommandRun replay(Path config, String... more) {
        List<String> all = new ArrayList<>(List.of("dlq", "replay", "--config", config.toString()));
        all.addAll(List.of(more));
        return CommandRun.of(all.toArray(String[]::new));
    }

    private static void runToTheEnd(Path config, String... more) {
        List<String> all = new ArrayList<>(List.of("run", "--config", config.toString()));
        all.addAll(List.of(more));
        CommandRun run = CommandRun.of(all.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(SUCCESS);
    }

    private Path changed(JobFixture job, String name, String before, String after)
            throws Exception {
        return Files.writeString(
                folder.resolve(name), Files.readString(job.configFile()).replace(before, after));
    }

    private static KafkaProducer<byte[], byte[]> producer(JobFixture job) {
        return new KafkaProducer<>(
                job.config().kafka().clientProperties(),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private void send(
            JobFixture job, KafkaProducer<byte[], byte[]> producer, Topic<?> topic, byte[] value)
            throws Exception {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        job.config().topics().of(topic),
                        null,
                        sentAt,
                        "eggs".getBytes(UTF_8),
                        value);
        record.headers().add("trace", TRACE);
        producer.send(record).get(30, TimeUnit.SECONDS);
    }

    private static <T extends SpecificRecordBase> byte[] encoded(
            JobFixture job, Topic<T> topic, T value) throws Exception {
        try (SchemaRegistry registry = new SchemaRegistry(job.config().registry())) {
            return WireFormat.encode(
                    registry.idOf(job.config().topics().of(topic), topic.schema()), value);
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> all(JobFixture job, Topic<?> topic) {
        String name = job.config().topics().of(topic);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        job.config().kafka().clientProperties(),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(name).stream()
                            .map(info -> new TopicPartition(name, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(at -> consumer.position(at) < ends.get(at))) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    private static LabeledExample example(String id, String adapterId, String label) {
        return LabeledExample.newBuilder()
                .setExampleId(id)
                .setAdapterId(adapterId)
                .setText("a labeled ad")
                .setLabel(label)
                .setEventTime(NOW)
                .build();
    }

    private static UnlabeledInput input() {
        return UnlabeledInput.newBuilder()
                .setExampleId("x-1")
                .setAdapterId("eggs")
                .setText("an ad for eggs")
                .setEventTime(NOW)
                .build();
    }

    private static LabelVote vote() {
        return LabelVote.newBuilder()
                .setLabelId("l-1")
                .setRevision(3)
                .setExampleId("x-1")
                .setAdapterId("eggs")
                .setAnnotator("ann")
                .setKind(VoteKind.VOTE)
                .setLabel("eggs")
                .setLabeledAt(NOW.plusSeconds(60))
                .build();
    }
}
