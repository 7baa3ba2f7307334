package io.rankstream.job.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.weights.Sha256;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.record.Unread;
import io.rankstream.job.sink.KafkaBroker;
import io.rankstream.job.source.intake.Intake;
import io.rankstream.job.source.split.TopicSplit;
import io.rankstream.job.source.split.TopicSplitSerializer;
import io.rankstream.job.source.watch.InputGap.Deleted;
import io.rankstream.job.source.watch.InputGap.MadeAnew;
import io.rankstream.job.source.watch.InputGap.PartitionGone;
import io.rankstream.job.source.watch.InputGap.TopicGone;
import io.rankstream.job.source.watch.InputGap.Truncated;
import io.rankstream.schemas.Digest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Input that is gone is told, a topic that was made anew is read from its beginning, and a record
 * that is too large is passed by.
 */
@Timeout(120)
class TopicSourceIT {

    private static final int MEGABYTE = 1 << 20;

    @TempDir private static Path folder;

    private static KafkaBroker broker;
    private static Admin admin;

    private String topic;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(folder);
        admin = Admin.create(broker.settings().clientProperties());
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    @BeforeEach
    void createTopic(TestInfo test) throws Exception {
        topic = test.getTestMethod().orElseThrow().getName() + test.getDisplayName().hashCode();
        create(1);
    }

    @Test
    void anOffsetBelowTheBeginningIsAGapOfAsManyOffsets() throws Exception {
        send("old", 10);
        List<KafkaPartitionSplit> state = stateAfter(3);
        deleteBefore(7);

        try (ReaderRun run = run(state).awaitRead(3)) {
            assertThat(run.gaps()).containsExactly(new Deleted(partition(0), 3, 7));
            assertThat(run.gaps().get(0).lost()).isEqualTo(4);
            assertThat(run.read()).containsExactly("0:7", "0:8", "0:9");
        }
    }

    @Test
    void aPartitionThatIsEmptyNowIsReadFromItsEnd() throws Exception {
        send("old", 10);
        List<KafkaPartitionSplit> state = stateAfter(3);
        deleteBefore(10);

        try (ReaderRun run = run(state).awaitGaps(1)) {
            send("new", 2);

            assertThat(run.awaitRead(2).read()).containsExactly("0:10", "0:11");
            assertThat(run.gaps()).containsExactly(new Deleted(partition(0), 3, 10));
        }
    }

    /** Whatever was fetched before is handed out, so the gap begins where that ends. */
    @Test
    void recordsThatAreDeletedBeforeASlowJobHasReadThemAreAGap() throws Exception {
        for (int i = 0; i < 40; i++) {
            send("slow", 1); // a batch of its own each, of which one is fetched at a time
        }
        try (ReaderRun run = new ReaderRun(slow(), topic, List.of(unread(0))).awaitRead(1)) {
            deleteBefore(35);

            run.awaitGaps(1).awaitRead(1);
            Deleted gap = (Deleted) run.gaps().get(0);
            run.awaitRead((int) gap.from() + 5);
            assertThat(gap.to()).isEqualTo(35);
            assertThat(run.gaps()).hasSize(1);
            assertThat(run.read())
                    .containsExactlyElementsOf(
                            IntStream.concat(
                                            IntStream.range(0, (int) gap.from()),
                                            IntStream.range(35, 40))
                                    .mapToObj(offset -> "0:" + offset)
                                    .toList());
        }
    }

    /** Whether the new topic has fewer, as many or more records than were read of the old one. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 9})
    void aTopicMadeAnewBeforeAStartIsReadFromItsBeginning(int records) throws Exception {
        send("old", 5);
        List<KafkaPartitionSplit> state = stateAfter(5);
        Uuid old = id();
        recreate(1);
        send("new", records);

        try (ReaderRun run = run(state).awaitGaps(1).awaitRead(records)) {
            assertThat(run.gaps()).containsExactly(new MadeAnew(partition(0), 5, 0, old, id()));
            assertThat(run.values()).containsExactlyElementsOf(values("new", records));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 9})
    void aTopicMadeAnewWhileAJobRunsIsReadFromItsBeginning(int records) throws Exception {
        send("old", 5);
        Uuid old = id();
        List<KafkaPartitionSplit> state;
        try (ReaderRun run = run(List.of(unread(0))).awaitRead(5)) {
            recreate(1);
            send("new", records);

            run.awaitRead(5 + records);
            assertThat(run.gaps()).contains(new MadeAnew(partition(0), 5, 0, old, id()));
            assertThat(run.gaps()).filteredOn(gap -> !(gap instanceof TopicGone)).hasSize(1);
            assertThat(run.values().subList(5, 5 + records))
                    .containsExactlyElementsOf(values("new", records));
            state = run.state();
        }
        send("later", 1);

        try (ReaderRun run = run(state).awaitRead(1)) {
            assertThat(run.gaps()).isEmpty();
            assertThat(run.values()).containsExactly("later-0");
        }
    }

    @Test
    void aJobThatFailsBeforeItsFirstRecordOfATopicMadeAnewStillReadsItFromItsBeginning()
            throws Exception {
        send("old", 5);
        List<KafkaPartitionSplit> state = stateAfter(5);
        recreate(1);
        List<KafkaPartitionSplit> before;
        try (ReaderRun run = run(state).awaitGaps(1)) {
            before = run.state();
        }
        send("new", 7);

        try (ReaderRun run = run(before).awaitRead(7)) {
            assertThat(run.values()).containsExactlyElementsOf(values("new", 7));
        }
    }

    @Test
    void aTopicThatIsGoneIsToldOnceAndReadWhenItIsBack() throws Exception {
        send("old", 5);
        List<KafkaPartitionSplit> state = stateAfter(5);
        delete();

        try (ReaderRun run = run(state).awaitGaps(1)) {
            assertThat(run.gaps()).containsExactly(new TopicGone(partition(0)));
            create(1);
            send("new", 8);

            assertThat(run.awaitRead(8).values()).containsExactlyElementsOf(values("new", 8));
            assertThat(run.gaps()).hasSize(2).last().isInstanceOf(MadeAnew.class);
        }
    }

    @Test
    void aTopicWithFewerPartitionsIsToldAndReadWhenTheyAreBack() throws Exception {
        recreate(2);
        send(1, "old", 5);
        List<KafkaPartitionSplit> state;
        try (ReaderRun run = run(List.of(unread(1))).awaitRead(5)) {
            state = run.state();
        }
        recreate(1);

        try (ReaderRun run = run(state).awaitGaps(1)) {
            assertThat(run.gaps()).containsExactly(new PartitionGone(partition(1), 5));
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(2))).all().get();
            send(1, "new", 8);

            assertThat(run.awaitRead(8).values()).containsExactlyElementsOf(values("new", 8));
        }
    }

    /** Nothing that was read is read again. */
    @Test
    void aPartitionThatEndsBeforeWhatWasReadIsReadOnFromItsEnd() throws Exception {
        send("old", 5);
        KafkaPartitionSplit state = new TopicSplit(new KafkaPartitionSplit(partition(0), 9), id());

        try (ReaderRun run = run(List.of(state)).awaitGaps(1)) {
            send("new", 2);

            assertThat(run.awaitRead(2).values()).containsExactly("new-0", "new-1");
            assertThat(run.gaps()).containsExactly(new Truncated(partition(0), 9, 5));
        }
    }

    /** Of such state it is not known which topic it is about. */
    @Test
    void stateOfFlinksOwnSourceIsReadOnAndBeyondTheEndMeansATopicMadeAnew() throws Exception {
        send("old", 5);

        try (ReaderRun run = run(List.of(ofFlinksOwn(3))).awaitRead(2)) {
            assertThat(run.read()).containsExactly("0:3", "0:4");
            assertThat(run.gaps()).isEmpty();
        }
        try (ReaderRun run = run(List.of(ofFlinksOwn(6))).awaitRead(5)) {
            assertThat(run.values()).containsExactlyElementsOf(values("old", 5));
            assertThat(run.gaps()).containsExactly(new MadeAnew(partition(0), 6, 0, null, id()));
        }
    }

    /** Markers and aborted records take offsets that no reader is given. */
    @Test
    void offsetsOfTransactionsAreNoGaps() throws Exception {
        Map<String, Object> properties = new HashMap<>(broker.settings().clientProperties());
        properties.put("transactional.id", topic);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            for (int i = 0; i < 6; i++) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(topic, 0, null, "value-" + i)).get();
                if (i % 3 == 1) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }

        List<KafkaPartitionSplit> state;
        try (ReaderRun run = run(List.of(unread(0))).awaitRead(4)) {
            assertThat(run.values()).containsExactly("value-0", "value-2", "value-3", "value-5");
            assertThat(run.gaps()).isEmpty();
            state = run.state();
        }
        send("later", 1);
        try (ReaderRun run = run(state).awaitRead(1)) {
            assertThat(run.values()).containsExactly("later-0");
            assertThat(run.gaps()).isEmpty();
        }
    }

    @Test
    void aBoundedJobEndsThoughItsTopicIsShorterThanItWas() throws Exception {
        send("old", 9);
        KafkaPartitionSplit state =
                new TopicSplit(new KafkaPartitionSplit(partition(0), 4, 9), id());
        recreate(1);
        send("new", 3);

        try (ReaderRun run = run(List.of(state)).awaitEnd()) {
            assertThat(run.values()).containsExactlyElementsOf(values("new", 3));
            assertThat(run.gaps()).hasSize(1);
        }
    }

    @Test
    void aBoundedJobEndsThoughItsPartitionIsGone() throws Exception {
        Uuid old = id();
        recreate(1);
        KafkaPartitionSplit state =
                new TopicSplit(new KafkaPartitionSplit(partition(3), 4, 9), old);

        try (ReaderRun run = run(List.of(state)).awaitEnd()) {
            assertThat(run.gaps()).containsExactly(new PartitionGone(partition(3), 4));
        }
    }

    /** Some kilobytes, as the broker sees them. */
    @Test
    void aBatchThatUnpacksToMoreThanThereIsMemoryForIsPassedByWithAllThatFollowsInIt()
            throws Exception {
        sendOneBatch(6, 300 * MEGABYTE, 8, 9);
        sendOneBatch(5, 7);
        sendOneBatch(300 * MEGABYTE);
        sendOneBatch(11, 12);

        List<String> read = SmallHeap.read(150, broker.settings().bootstrapServers(), topic, 9);

        assertThat(read)
                .hasSize(10)
                .contains("read 0 6", "read 4 5", "read 5 7", "read 7 11", "read 8 12")
                .endsWith("exit 0");
        assertThat(read.subList(1, 4))
                .allMatch(line -> line.contains("at offsets 1 to 3 a batch that unpacks to more"));
        assertThat(read.get(6)).contains("partition 0, has at offset 6 a batch that unpacks");
    }

    @Test
    void moreThanThereIsMemoryForIsTakenInBitByBit() throws Exception {
        sendOneBatch(IntStream.range(0, 30).map(i -> 17 * MEGABYTE).toArray());

        List<String> read = SmallHeap.read(150, broker.settings().bootstrapServers(), topic, 30);

        assertThat(read).hasSize(31).endsWith("exit 0");
        assertThat(read.subList(0, 30))
                .allMatch(line -> line.contains("the record has 17,825,792 bytes of value"));
    }

    @Test
    void aRecordThatIsTooLargeToLearnFromIsCut() throws Exception {
        sendOneBatch(Intake.MOST_PART_BYTES, Intake.MOST_PART_BYTES + 1, 3);

        try (ReaderRun run = run(List.of(unread(0))).awaitRead(3)) {
            assertThat(run.records())
                    .extracting(record -> record.value().length)
                    .containsExactly(Intake.MOST_PART_BYTES, Intake.KEPT_BYTES, 3);
            assertThat(run.records()).extracting(RawRecord::headers).containsOnly(List.of());
            assertThat(run.records().get(0).unread()).isNull();
            assertThat(run.records().get(1).unread())
                    .isEqualTo(
                            new Unread(
                                    "the record has 16,777,217 bytes of value, 0 of key and 0 of headers, unpacked, of which each may have 16,777,216",
                                    null,
                                    new Digest(
                                            Intake.MOST_PART_BYTES + 1,
                                            Sha256.of(new byte[Intake.MOST_PART_BYTES + 1])),
                                    0));
            assertThat(run.records().get(2).unread()).isNull();
        }
    }

    /** Values of zeros, which a broker takes however many they are. */
    private void sendOneBatch(int... sizes) throws Exception {
        Map<String, Object> options = new HashMap<>(broker.settings().clientProperties());
        options.put("compression.type", "zstd");
        options.put("max.request.size", Integer.MAX_VALUE);
        options.put("buffer.memory", 1L << 30);
        options.put("batch.size", IntStream.of(sizes).sum() / 2 * 3 + 10_000);
        options.put("linger.ms", 60_000);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        options, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int size : sizes) {
                sent.add(producer.send(new ProducerRecord<>(topic, 0, null, new byte[size])));
            }
            producer.flush();
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }

    private ReaderRun run(List<KafkaPartitionSplit> state) {
        return new ReaderRun(broker.settings(), topic, state);
    }

    private List<KafkaPartitionSplit> stateAfter(int records) throws Exception {
        return List.of(new TopicSplit(new KafkaPartitionSplit(partition(0), records), id()));
    }

    private KafkaPartitionSplit unread(int partition) {
        return new KafkaPartitionSplit(partition(partition), KafkaPartitionSplit.EARLIEST_OFFSET);
    }

    private KafkaPartitionSplit ofFlinksOwn(long offset) throws Exception {
        KafkaPartitionSplitSerializer flinks = new KafkaPartitionSplitSerializer();
        byte[] bytes = flinks.serialize(new KafkaPartitionSplit(partition(0), offset));
        return new TopicSplitSerializer().deserialize(flinks.getVersion(), bytes);
    }

    /** Fetches a batch at a time. */
    private static KafkaSettings slow() {
        KafkaSettings settings = broker.settings();
        return new KafkaSettings(
                settings.bootstrapServers(),
                Map.of(
                        "max.poll.records", "1",
                        "fetch.max.bytes", "1",
                        "max.partition.fetch.bytes", "1"),
                settings.groupId(),
                settings.startingOffsets(),
                false,
                Duration.ofMinutes(1));
    }

    private TopicPartition partition(int partition) {
        return new TopicPartition(topic, partition);
    }

    private Uuid id() throws Exception {
        return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).topicId();
    }

    private void recreate(int partitions) throws Exception {
        delete();
        create(partitions);
    }

    private void delete() throws Exception {
        admin.deleteTopics(List.of(topic)).all().get();
        while (admin.listTopics().names().get().contains(topic)) {
            Thread.onSpinWait();
        }
    }

    private void create(int partitions) throws Exception {
        while (true) {
            try {
                admin.createTopics(Set.of(new NewTopic(topic, partitions, (short) 1))).all().get();
                break;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
        while (!admin.listTopics().names().get().contains(topic)) {
            Thread.onSpinWait();
        }
    }

    private void deleteBefore(long offset) throws Exception {
        admin.deleteRecords(Map.of(partition(0), RecordsToDelete.beforeOffset(offset))).all().get();
    }

    private void send(String prefix, int count) throws Exception {
        send(0, prefix, count);
    }

    private void send(int partition, String prefix, int count) throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                        broker.settings().clientProperties(),
                        new StringSerializer(),
                        new StringSerializer())) {
            for (String value : values(prefix, count)) {
                producer.send(new ProducerRecord<>(topic, partition, null, value)).get();
            }
        }
    }

    private static List<String> values(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + "-" + i).toList();
    }
}
