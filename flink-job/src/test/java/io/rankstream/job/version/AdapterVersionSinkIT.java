package io.rankstream.job.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.job.claim.JobClaim;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.sink.KafkaBroker;
import io.rankstream.job.state.SampleAdapter;
import io.rankstream.schemas.AdapterVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.sink2.Committer.CommitRequest;
import org.apache.flink.util.FileUtils;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class AdapterVersionSinkIT {

    private static KafkaBroker broker;

    @TempDir private Path publish;
    private String topic;

    @BeforeAll
    static void startBroker(@TempDir Path folder) throws Exception {
        broker = KafkaBroker.start(folder);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void createTopic(TestInfo test) throws Exception {
        topic = test.getTestMethod().orElseThrow().getName();
        broker.createCompacted(topic, 3);
    }

    @Test
    void announcesACompleteFolder() throws Exception {
        commit(write(publish, release("spam", 1)));

        ConsumerRecord<byte[], byte[]> record = announced().get(0);
        AdapterVersion version = Announcements.decode(record);
        assertThat(record.key()).isEqualTo("spam".getBytes(StandardCharsets.UTF_8));
        assertThat(WireFormat.schemaId(record.value())).hasValue(Announcements.SCHEMA_ID);
        assertThat(version.getVersion()).isEqualTo(1);
        assertThat(version.getStep()).isEqualTo(4);
        assertThat(version.getLabels()).containsExactly("ham", "spam", "größe");
        assertThat(version.getLiveRanks()).containsExactly(2, 2);
        assertThat(version.getPath()).isEqualTo(publish.resolve("spam/v00000001").toString());
        byte[] manifest = Files.readAllBytes(Path.of(version.getPath(), "manifest.json"));
        assertThat(Manifest.verify(Path.of(version.getPath()))).isEmpty();
        assertThat(version.getManifestSha256())
                .isEqualTo(
                        HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(manifest)));
    }

    @Test
    void showsNothingBeforeTheCommit() throws Exception {
        write(publish, release("spam", 1));

        assertThat(publish.resolve("spam/v00000001")).isDirectory();
        assertThat(publish.resolve("spam/v00000001/manifest.json")).doesNotExist();
        assertThat(announced()).isEmpty();
    }

    @Test
    void handsAReleaseOverOnce() throws Exception {
        AdapterVersionWriter writer =
                new AdapterVersionWriter(
                        publish.toString(),
                        64,
                        Announcements.SCHEMA_ID,
                        adapterId -> true,
                        JobClaim.none(broker.settings()).watch());
        writer.write(release("spam", 1), null);

        assertThat(writer.prepareCommit()).hasSize(1);
        assertThat(writer.prepareCommit()).isEmpty();
    }

    @Test
    void announcesOnceThoughTheCommitIsRepeatedAfterACrash() throws Exception {
        List<VersionCommittable> versions = new ArrayList<>();
        versions.addAll(write(publish, release("spam", 2), release("list", 1)));
        versions.addAll(write(publish, release("spam", 1)));

        commit(versions);
        commit(versions);

        assertThat(announcedVersions()).containsExactlyInAnyOrder("spam-1", "spam-2", "list-1");
    }

    @Test
    void announcesWhatACrashBeforeTheAnnouncementLeftOut() throws Exception {
        List<VersionCommittable> first = write(publish, release("spam", 1));
        List<VersionCommittable> second = write(publish, release("spam", 2), release("list", 1));
        commit(first);
        for (VersionCommittable version : second) {
            VersionFolder.at(version.path()).commit(version.manifest());
        }

        commit(second);

        assertThat(announcedVersions()).containsExactlyInAnyOrder("spam-1", "spam-2", "list-1");
    }

    @Test
    void announcesNothingMoreOnceASuccessorHasAnnounced() throws Exception {
        List<VersionCommittable> first = write(publish, release("spam", 1));
        List<VersionCommittable> second = write(publish, release("spam", 2));
        try (VersionCommitter stalled = committer(broker.settings(), topic)) {
            stalled.commit(requests(first));
            commit(second);

            assertThatThrownBy(() -> stalled.commit(requests(second)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Cannot announce adapter versions on topic '" + topic);
        }

        assertThat(announcedVersions()).containsExactly("spam-1", "spam-2");
    }

    @Test
    void announcesOnceThoughTheAnnouncementLiesBehindAnOpenTransaction() throws Exception {
        List<VersionCommittable> first = write(publish, release("spam", 1));
        List<VersionCommittable> second = write(publish, release("spam", 2));
        try (VersionCommitter committer = committer(broker.settings(), topic)) {
            committer.commit(requests(first));
            openTransactionInThePartitionOf("spam");
            committer.commit(requests(second));
        }

        commit(second);

        assertThat(announcedVersions()).containsExactly("spam-1", "spam-2");
    }

    @Test
    void aFolderThatIsBrokenHoldsUpNoOtherAdapter() throws Exception {
        Files.writeString(publish.resolve("spam"), "mine");

        commit(write(publish, release("spam", 1), release("list", 1)));
        assertThat(announcedVersions()).containsExactly("list-1");
        delete(publish.resolve("spam"));
        commit(write(publish));
        commit(write(publish));

        assertThat(announcedVersions()).containsExactlyInAnyOrder("list-1", "spam-1");
    }

    @Test
    void aVersionThatWaitedIsNotAnnouncedAfterANewerOne() throws Exception {
        Files.createDirectories(publish.resolve("spam"));
        Files.writeString(publish.resolve("spam/v00000001"), "mine");

        commit(write(publish, release("spam", 1)));
        commit(write(publish, release("spam", 2)));
        delete(publish.resolve("spam/v00000001"));
        commit(write(publish));

        assertThat(announcedVersions()).containsExactly("spam-2");
        assertThat(Manifest.verify(publish.resolve("spam/v00000001"))).isEmpty();
    }

    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            FileUtils.deleteDirectory(path.toFile());
        } else {
            Files.delete(path);
        }
    }

    @Test
    void countsTheVersionsOfAnotherPublishDirectoryApart(@TempDir Path other) throws Exception {
        commit(write(publish, release("spam", 9)));

        commit(write(other, release("spam", 1)));
        commit(write(other, release("spam", 1)));

        assertThat(announcedVersions()).containsExactly("spam-9", "spam-1");
    }

    @Test
    void refusesToAnnounceOnATopicThatIsMissing() throws Exception {
        List<VersionCommittable> versions = write(publish, release("spam", 1));

        assertThatThrownBy(() -> commit(broker.settings(), "no-such-topic", versions))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no topic 'no-such-topic'")
                .hasMessageContaining("cleanup.policy=compact");
    }

    @Test
    void failsWithASentenceWhenTheBrokerCannotBeReached() throws Exception {
        List<VersionCommittable> versions = write(publish, release("spam", 1));
        KafkaSettings nobody = unreachable();

        assertThatThrownBy(() -> commit(nobody, topic, versions))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Cannot announce adapter versions on topic '" + topic)
                .hasMessageContaining(nobody.bootstrapServers());
    }

    private static KafkaSettings unreachable() throws IOException {
        return new KafkaSettings(
                "127.0.0.1:" + KafkaBroker.freePort(),
                Map.of(
                        "default.api.timeout.ms", "500",
                        "request.timeout.ms", "400",
                        "max.block.ms", "500"),
                "rankstream",
                KafkaSettings.StartingOffsets.EARLIEST,
                true,
                Duration.ofMinutes(1));
    }

    private static AdapterRelease release(String adapterId, long version) {
        return new AdapterRelease(
                SampleAdapter.finite(adapterId, version), SampleAdapter.template());
    }

    private List<VersionCommittable> write(Path directory, AdapterRelease... releases)
            throws Exception {
        AdapterVersionWriter writer =
                new AdapterVersionWriter(
                        directory.toString(),
                        64,
                        Announcements.SCHEMA_ID,
                        adapterId -> true,
                        JobClaim.none(broker.settings()).watch());
        for (AdapterRelease release : releases) {
            writer.write(release, null);
        }
        VersionCommittableSerializer serializer = new VersionCommittableSerializer();
        List<VersionCommittable> restored = new ArrayList<>();
        for (VersionCommittable prepared : writer.prepareCommit()) {
            restored.add(
                    serializer.deserialize(
                            serializer.getVersion(), serializer.serialize(prepared)));
        }
        return restored;
    }

    /** Commits as a new job would: with a committer that knows nothing. */
    private void commit(Collection<VersionCommittable> versions) throws Exception {
        commit(broker.settings(), topic, versions);
    }

    private static void commit(
            KafkaSettings kafka, String topic, Collection<VersionCommittable> versions)
            throws Exception {
        try (VersionCommitter committer = committer(kafka, topic)) {
            committer.commit(requests(versions));
        }
    }

    private static VersionCommitter committer(KafkaSettings kafka, String topic) {
        return new VersionCommitter(new AnnouncementTopic(JobClaim.none(kafka), topic, 0));
    }

    private static List<CommitRequest<VersionCommittable>> requests(
            Collection<VersionCommittable> versions) {
        return versions.stream().<CommitRequest<VersionCommittable>>map(Request::new).toList();
    }

    /** Leaves a record behind in a transaction that nobody ends, but the broker after a second. */
    private void openTransactionInThePartitionOf(String adapterId) throws Exception {
        Map<String, Object> properties =
                Map.of(
                        "bootstrap.servers",
                        broker.settings().bootstrapServers(),
                        "transactional.id",
                        "dead-subtask",
                        "transaction.timeout.ms",
                        1000);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            byte[] key = adapterId.getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(topic, key, key)).get();
            producer.close(Duration.ZERO);
        }
    }

    private List<String> announcedVersions() {
        return announced().stream()
                .map(Announcements::decode)
                .map(version -> version.getAdapterId() + "-" + version.getVersion())
                .toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> announced() {
        return Announcements.read(broker, topic);
    }

    /** A request of which nothing but the committable is asked. */
    private record Request(VersionCommittable getCommittable)
            implements CommitRequest<VersionCommittable> {

        @Override
        public int getNumberOfRetries() {
            return 0;
        }

        @Override
        public void signalFailedWithKnownReason(Throwable cause) {
            throw new AssertionError(cause);
        }

        @Override
        public void signalFailedWithUnknownReason(Throwable cause) {
            throw new AssertionError(cause);
        }

        @Override
        public void retryLater() {
            throw new AssertionError("a commit is not to be tried later");
        }

        @Override
        public void updateAndRetryLater(VersionCommittable committable) {
            throw new AssertionError("a commit is not to be tried later");
        }

        @Override
        public void signalAlreadyCommitted() {
            throw new AssertionError("a commit that changes nothing is a commit");
        }
    }
}
