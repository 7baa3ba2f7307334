package io.rankstream.ops.job;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.preflight.TopicCreation;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.stack.Distribution;
import io.rankstream.ops.stack.LocalStack;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.LabeledExample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A local stack with an input topic, and a small job's configuration for it. */
final class JobFixture implements AutoCloseable {

    private final LocalStack stack;
    private final boolean ownsStack;
    private final Path folder;
    private final JobConfig config;
    private final int exampleSchema;
    private final KafkaProducer<byte[], byte[]> producer;

    private JobFixture(LocalStack stack, boolean ownsStack, Path folder, String options)
            throws Exception {
        this.stack = stack;
        this.ownsStack = ownsStack;
        this.folder = folder;
        Files.writeString(configFile(), yaml(options));
        this.config = ConfigFile.load(configFile());
        createTopics();
        this.exampleSchema = registerSchemas();
        this.producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", stack.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    /**
     * Starts broker and registry.
     *
     * @param options more lines for the configuration file
     */
    static JobFixture start(Path folder, String options) throws Exception {
        LocalStack stack = stack(folder);
        try {
            return new JobFixture(stack, true, folder, options);
        } catch (IOException | ConfigException e) {
            stack.close();
            throw e;
        }
    }

    /**
     * Broker and registry for {@link #on}.
     *
     * @param folder for their data and logs
     */
    static LocalStack stack(Path folder) throws Exception {
        return LocalStack.start(
                Distribution.locate(), folder.resolve("work"), folder.resolve("logs"));
    }

    /**
     * Uses a stack that several tests share, and leaves it running, without topics and consumer
     * groups.
     *
     * @param options more lines for the configuration file
     */
    static JobFixture on(LocalStack stack, Path folder, String options) throws Exception {
        return new JobFixture(stack, false, folder, options);
    }

    LocalStack stack() {
        return stack;
    }

    JobConfig config() {
        return config;
    }

    Path configFile() {
        return folder.resolve("rankstream.yaml");
    }

    /** Registered id of the examples' schema. */
    int exampleSchema() {
        return exampleSchema;
    }

    byte[] encoded(LabeledExample example) {
        return WireFormat.encode(exampleSchema, example);
    }

    /** Sends a record and returns its offset; there is one partition. */
    long send(String key, byte[] value) throws Exception {
        ProducerRecord<byte[], byte[]> entry =
                new ProducerRecord<>(
                        config.topics().of(Topic.LABELED_EXAMPLES),
                        key.getBytes(StandardCharsets.UTF_8),
                        value);
        return producer.send(entry).get(30, TimeUnit.SECONDS).offset();
    }

    /** Everything committed on a topic. */
    <T extends SpecificRecordBase> List<T> committed(String topic, Schema schema) {
        try (TopicReader<T> reader =
                TopicReader.committed(stack.bootstrapServers(), topic, schema)) {
            return reader.readToEnd();
        }
    }

    @Override
    public void close() {
        producer.close();
        if (ownsStack) {
            stack.close();
        } else {
            leaveNothing();
        }
    }

    private void leaveNothing() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            List<String> groups =
                    admin.listGroups().all().get().stream().map(GroupListing::groupId).toList();
            admin.deleteConsumerGroups(groups).all().get();
            admin.deleteTopics(admin.listTopics().names().get()).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("the next test would find topics of this one", e);
        }
    }

    private String yaml(String options) {
        return """
               kafka.bootstrap-servers: %s
               registry.url: %s
               model.max-length: 32
               publish.directory: '%s'
               flink.restart-strategy.type: none
               flink.execution.checkpointing.interval: 1 s
               flink.execution.checkpointing.dir: '%s'
               %s"""
                .formatted(
                        stack.bootstrapServers(),
                        stack.registryUrl(),
                        folder.resolve("adapters"),
                        folder.resolve("checkpoints").toUri(),
                        options);
    }

    /** One partition, so that offsets count all examples. */
    private void createTopics() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            NewTopic input = new NewTopic(config.topics().of(Topic.LABELED_EXAMPLES), 1, (short) 1);
            admin.createTopics(List.of(input)).all().get(30, TimeUnit.SECONDS);
        }
        TopicCreation.createMissing(config.kafka(), config.topics(), config.usedTopics());
    }

    private int registerSchemas() throws RegistryException {
        try (SchemaRegistry registry = new SchemaRegistry(config.registry())) {
            return registry.idOf(
                    config.topics().of(Topic.LABELED_EXAMPLES), LabeledExample.getClassSchema());
        }
    }
}
