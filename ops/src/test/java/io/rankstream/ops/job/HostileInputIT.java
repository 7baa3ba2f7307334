package io.rankstream.ops.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.model.bert.PoisonedBert;
import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.preflight.TopicCreation;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.job.HostileRecords.Hostile;
import io.rankstream.ops.run.RunningJob;
import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.Prediction;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand hostile records and what they may do: nothing. */
class HostileInputIT {

    private static final long SEED = 20_260;
    private static final int HOSTILE = 10_000;
    private static final int MAX_ADAPTERS = 5;
    private static final String LARGEST_RECORD = String.valueOf(32 << 20);

    @TempDir Path folder;

    @Test
    @Timeout(600)
    void everyRecordIsTrainedOnOrRefusedOnceAndWhatIsRefusedLeavesNoTrace() throws Exception {
        PoisonedBert.writeTo(folder.resolve("model"));
        try (JobFixture fixture = JobFixture.start(folder, "training.labels: [a, b]")) {
            List<Hostile> sent = new HostileRecords(SEED, fixture.exampleSchema()).records(HOSTILE);

            JobConfig hostile = run(fixture, "hostile", sent.stream().map(Hostile::value).toList());

            List<Prediction> predictions =
                    fixture.committed(
                            hostile.topics().of(Topic.PREDICTIONS), Prediction.getClassSchema());
            List<DeadLetter> letters =
                    fixture.committed(
                            hostile.topics().of(Topic.DEAD_LETTERS), DeadLetter.getClassSchema());
            assertThat(predictions.size() + letters.size()).isEqualTo(sent.size());
            assertThatEachIsWhereItBelongs(sent, predictions, letters);

            List<byte[]> accepted =
                    predictions.stream()
                            .mapToInt(prediction -> (int) prediction.getOffset())
                            .sorted()
                            .mapToObj(offset -> sent.get(offset).value())
                            .toList();
            JobConfig clean = run(fixture, "clean", accepted);
            assertThat(snapshots(fixture, hostile)).isEqualTo(snapshots(fixture, clean));
        }
    }

    private static void assertThatEachIsWhereItBelongs(
            List<Hostile> sent, List<Prediction> predictions, List<DeadLetter> letters) {
        Set<Long> trained = new HashSet<>();
        Set<String> created = new TreeSet<>();
        for (Prediction prediction : predictions) {
            assertThat(trained.add(prediction.getOffset())).isTrue();
            assertThat(sent.get((int) prediction.getOffset()).mayBeTrained())
                    .as(prediction.toString())
                    .isTrue();
            created.add(prediction.getAdapterId());
        }
        for (DeadLetter letter : letters) {
            assertThat(trained.add(letter.getOffset())).as(letter.getMessage()).isTrue();
            Hostile record = sent.get((int) letter.getOffset());
            assertThat(record.reasons()).as(letter.getMessage()).contains(letter.getReason());
            assertThat(letter.getValue())
                    .isEqualTo(record.value() == null ? null : ByteBuffer.wrap(record.value()));
        }
        created.removeAll(HostileRecords.NAMED);
        assertThat(created).hasSize(MAX_ADAPTERS);
    }

    private JobConfig run(JobFixture fixture, String name, List<byte[]> values) throws Exception {
        JobConfig config = config(fixture, name);
        send(fixture, config.topics().of(Topic.LABELED_EXAMPLES), values);
        TopicCreation.createMissing(config.kafka(), config.topics(), config.usedTopics());
        try (RunningJob job = RunningJob.start(config)) {
            job.await();
        }
        return config;
    }

    private JobConfig config(JobFixture fixture, String name) throws Exception {
        return ConfigFile.parse(
                """
                kafka.bootstrap-servers: %1$s
                kafka.bounded: true
                kafka.group-id: %2$s
                registry.url: %3$s
                topics.labeled-examples: examples-%2$s
                topics.predictions: predictions-%2$s
                topics.training-reports: training-reports-%2$s
                topics.command-answers: command-answers-%2$s
                topics.drift-events: drift-events-%2$s
                topics.adapter-versions: adapter-versions-%2$s
                topics.dead-letters: dead-letters-%2$s
                model.directory: '%4$s'
                model.max-length: 24
                batch.max-examples: 1 # so that a refused example is nobody's neighbour
                batch.linger: 0 s
                train.max-adapters: %5$d
                publish.directory: '%6$s'
                training.labels: [%7$s]
                training.budget.warmup-steps: 10
                training.budget.ramp-steps: 40
                adapters:
                  %8$s: {dropout: 0}
                  %9$s: {dropout: 0.1}
                flink.restart-strategy.type: none
                flink.execution.checkpointing.interval: 2 s
                flink.execution.checkpointing.dir: '%10$s'
                """
                        .formatted(
                                fixture.stack().bootstrapServers(),
                                name,
                                fixture.stack().registryUrl(),
                                folder.resolve("model"),
                                MAX_ADAPTERS,
                                folder.resolve("adapters-" + name),
                                String.join(", ", HostileRecords.LABELS),
                                HostileRecords.NAMED.get(0),
                                HostileRecords.NAMED.get(1),
                                folder.resolve("checkpoints").toUri()),
                name);
    }

    private static void send(JobFixture fixture, String topic, List<byte[]> values)
            throws Exception {
        Map<String, Object> client =
                Map.of(
                        "bootstrap.servers",
                        fixture.stack().bootstrapServers(),
                        "max.request.size",
                        LARGEST_RECORD,
                        "buffer.memory",
                        String.valueOf(64 << 20));
        try (Admin admin = Admin.create(client)) {
            NewTopic created = new NewTopic(topic, 1, (short) 1);
            created.configs(Map.of("max.message.bytes", LARGEST_RECORD));
            admin.createTopics(List.of(created)).all().get();
        }
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            byte[] key = "key".getBytes(StandardCharsets.UTF_8);
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (byte[] value : values) {
                sent.add(producer.send(new ProducerRecord<>(topic, key, value)));
            }
            for (int i = 0; i < values.size(); i++) {
                assertThat(sent.get(i).get().offset()).isEqualTo(i);
            }
        }
    }

    /** State of every adapter at its newest version; each version's files are complete. */
    private static Map<String, ByteBuffer> snapshots(JobFixture fixture, JobConfig config)
            throws Exception {
        Map<String, AdapterVersion> newest = new HashMap<>();
        List<AdapterVersion> versions =
                fixture.committed(
                        config.topics().of(Topic.ADAPTER_VERSIONS),
                        AdapterVersion.getClassSchema());
        for (AdapterVersion version : versions) {
            newest.put(version.getAdapterId(), version);
        }
        Map<String, ByteBuffer> snapshots = new TreeMap<>();
        for (AdapterVersion version : newest.values()) {
            Path path = Path.of(version.getPath());
            assertThat(Manifest.verify(path)).isEmpty();
            byte[] snapshot = Files.readAllBytes(path.resolve(AdapterSnapshot.FILE));
            snapshots.put(version.getAdapterId(), ByteBuffer.wrap(snapshot));
        }
        return snapshots;
    }
}
