package io.rankstream.ops.standing;

import static io.rankstream.ops.standing.LoopRecords.START;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.preflight.TopicCreation;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.stack.Distribution;
import io.rankstream.ops.stack.LocalStack;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.OutcomeStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs of a job that asks for labels and learns nothing, from a real broker. */
class LoopOutputsIT {

    @TempDir private Path folder;

    @Test
    void aJobThatOnlyAsksIsReadWithoutTheTopicsOfLearning() throws Exception {
        try (LocalStack stack =
                LocalStack.start(
                        Distribution.locate(), folder.resolve("work"), folder.resolve("logs"))) {
            JobConfig job = job(stack);
            TopicCreation.createMissing(job.kafka(), job.topics(), job.usedTopics());
            assertThat(topics(stack)).doesNotContain("training-reports", "adapter-versions");
            LabelRequest answered = LoopRecords.request("triage", "mail-1", "r-1", START);
            LabelRequest waiting = LoopRecords.request("triage", "mail-2", "r-2", START);
            send(stack, job, Topic.INPUT_PREDICTIONS, prediction("mail-1"), prediction("mail-2"));
            send(stack, job, Topic.LABEL_REQUESTS, answered, waiting);
            send(
                    stack,
                    job,
                    Topic.LABEL_OUTCOMES,
                    LoopRecords.outcome(answered, OutcomeStatus.FINAL, START.plusSeconds(60)));
            send(stack, job, Topic.ADAPTER_QUALITY, LoopRecords.quality("triage", START, .912));

            for (boolean live : List.of(false, true)) {
                Standings standings = new Standings();
                try (JobOutputs outputs = live ? JobOutputs.live(job) : JobOutputs.committed(job)) {
                    outputs.readInto(standings);
                    assertThat(outputs.unreadable()).isZero();
                    outputs.hasCommittedMore();
                    send(stack, job, Topic.INPUT_PREDICTIONS, prediction("mail-3"));
                    assertThat(outputs.hasCommittedMore()).isTrue();
                }
                LoopLine line =
                        standings.adapter("triage").orElseThrow().line(Instant.now()).loop().get();
                assertThat(line.asked()).isGreaterThanOrEqualTo(2);
                assertThat(line.outcomes()).isEqualTo(Map.of(OutcomeStatus.FINAL, 1L));
                assertThat(line.openRequests()).isEqualTo(1);
                assertThat(line.quality().orElseThrow().getAccuracy()).isEqualTo(.912);
            }
            assertThat(ToldAdapters.lookFor("triage", job).isAmongThem()).isTrue();
            assertThat(ToldAdapters.lookFor("traige", job).others()).containsExactly("triage");
        }
    }

    private static SpecificRecordBase prediction(String input) {
        return LoopRecords.prediction("triage", input, true);
    }

    private JobConfig job(LocalStack stack) throws Exception {
        Path file = folder.resolve("rankstream.yaml");
        Files.writeString(
                file,
                """
                kafka.bootstrap-servers: %s
                registry.url: %s
                publish.directory: '%s'
                training.labels: [ham, spam]
                loop.mode: only
                loop.budget-share: 0.1
                flink.execution.checkpointing.dir: '%s'
                """
                        .formatted(
                                stack.bootstrapServers(),
                                stack.registryUrl(),
                                folder.resolve("adapters"),
                                folder.resolve("checkpoints").toUri()));
        return ConfigFile.load(file);
    }

    private static void send(
            LocalStack stack, JobConfig job, Topic<?> topic, SpecificRecordBase... values)
            throws Exception {
        String name = job.topics().of(topic);
        try (SchemaRegistry registry = new SchemaRegistry(job.registry());
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(
                                Map.of("bootstrap.servers", stack.bootstrapServers()),
                                new ByteArraySerializer(),
                                new ByteArraySerializer())) {
            int schema = registry.idOf(name, topic.schema());
            for (SpecificRecordBase value : values) {
                producer.send(
                                new ProducerRecord<>(
                                        name,
                                        "triage".getBytes(UTF_8),
                                        WireFormat.encode(schema, value)))
                        .get(30, TimeUnit.SECONDS);
            }
        }
    }

    private static Iterable<String> topics(LocalStack stack) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            return admin.listTopics().names().get(30, TimeUnit.SECONDS);
        }
    }
}
