package io.rankstream.job.savepoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rankstream.job.RankstreamJob;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.preflight.TopicCreation;
import io.rankstream.job.registry.RegistryServer;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.sink.KafkaBroker;
import io.rankstream.job.topic.Topic;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.Span;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The whole pipeline on a real broker, with its configuration as {@link TinyJob} has it. */
final class WholeJob {

    private static final int SCHEMA = 3;

    private final Path model;
    private final Path folder;

    WholeJob(Path model, Path folder) {
        this.model = model;
        this.folder = folder;
    }

    /** Where the job publishes. */
    Path adapters() {
        return folder.resolve("adapters");
    }

    /**
     * Trains on examples of the given adapters, one after the other, until the last has taken its
     * step, and stops with a canonical savepoint.
     *
     * @return path of the savepoint
     */
    String savepointAfter(List<String> adapterIds, int steps) throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"));
                RegistryServer registry = new RegistryServer()) {
            registry.put(SCHEMA, LabeledExample.getClassSchema());
            JobConfig config = ConfigFile.parse(yaml(broker, registry), "fixture");
            produce(broker, config.topics().of(Topic.LABELED_EXAMPLES), adapterIds);
            TopicCreation.createMissing(config.kafka(), config.topics(), config.usedTopics());
            JobClient client = RankstreamJob.start(config);
            CompletableFuture<JobExecutionResult> end = client.getJobExecutionResult();
            awaitReports(broker, config.topics().of(Topic.TRAINING_REPORTS), steps);
            String savepoint =
                    client.stopWithSavepoint(
                                    false,
                                    folder.resolve("savepoints").toUri().toString(),
                                    SavepointFormatType.CANONICAL)
                            .get();
            end.get();
            return savepoint;
        }
    }

    private static void produce(KafkaBroker broker, String topic, List<String> adapterIds)
            throws Exception {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", broker.settings().bootstrapServers());
        try (Admin admin = Admin.create(properties);
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(
                                properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
            for (int i = 0; i < adapterIds.size(); i++) {
                producer.send(
                                new ProducerRecord<>(
                                        topic,
                                        adapterIds.get(i).getBytes(UTF_8),
                                        WireFormat.encode(SCHEMA, example(adapterIds.get(i), i))))
                        .get();
            }
        }
    }

    private static LabeledExample example(String adapterId, int number) {
        boolean spam = number % 3 == 0;
        String text = spam ? "free money offer " + number : "thanks for the patch " + number;
        return switch (adapterId) {
            case "price", "rent" ->
                    example(adapterId, number, "offer", "as good as new", number % 5 / 4.);
            case "themes" ->
                    example(
                            adapterId,
                            number,
                            text,
                            null,
                            spam ? List.of("spam", "ham") : List.of());
            case "names" ->
                    example(
                            adapterId,
                            number,
                            text,
                            null,
                            spam ? List.of(new Span(5, 16, "PER")) : List.of());
            case "answers" ->
                    example(
                            adapterId,
                            number,
                            "free of what",
                            text,
                            spam ? new Span(5, 10, null) : List.of());
            default -> example(adapterId, number, text, null, spam ? "spam" : "ham");
        };
    }

    private static LabeledExample example(
            String adapterId, int number, String text, String pair, Object label) {
        return new LabeledExample(
                adapterId + "-" + number,
                adapterId,
                text,
                label,
                Instant.ofEpochSecond(1_000_000_000L + number),
                pair,
                null,
                0L,
                null,
                true);
    }

    /** Committed reports, that is: a checkpoint with that many steps is complete. */
    private static void awaitReports(KafkaBroker broker, String topic, int count) {
        Map<String, Object> properties =
                Map.of(
                        "bootstrap.servers",
                        broker.settings().bootstrapServers(),
                        "isolation.level",
                        "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            for (int seen = 0; seen < count; ) {
                seen += consumer.poll(Duration.ofSeconds(1)).count();
            }
        }
    }

    private String yaml(KafkaBroker broker, RegistryServer registry) {
        return """
               kafka.bootstrap-servers: %s
               registry.url: %s
               publish.directory: '%s'
               publish.every-steps: 1
               model.directory: '%s'
               model.max-length: 64
               model.threads: 1
               batch.max-examples: %d
               batch.linger: 0 s
               training.labels: [ham, spam]
               training.init-rank: 2
               training.alpha: 4
               training.dropout: 0.1
               adapters:
                 answers: {task: question-answering}
                 names: {task: token-classification, labels: [O, B-PER, I-PER]}
                 price: {task: regression}
                 rent: {task: regression, replay.share: 0.5}
                 spam: {replay.share: 1}
                 themes: {task: multi-label-classification}
                 tone: {probe-share: 0.2, drift-detector: adwin, drift-inputs: true}
               training.budget.warmup-steps: 1
               training.budget.ramp-steps: 3
               training.budget.mask-interval: 2
               training.budget.target-rank: 1
               flink.restart-strategy.type: none
               flink.execution.checkpointing.interval: 500 ms
               flink.execution.checkpointing.dir: '%s'
               flink.state.storage.fs.memory-threshold: 0 b
               """
                .formatted(
                        broker.settings().bootstrapServers(),
                        registry.url(),
                        adapters(),
                        model,
                        TinyJob.EXAMPLES_PER_STEP,
                        folder.resolve("checkpoints").toUri());
    }
}
