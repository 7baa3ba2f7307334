package io.rankstream.benchmarks;

import io.rankstream.job.config.ConfigException;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.ops.demo.ExampleProducer;
import io.rankstream.ops.demo.TopicReader;
import io.rankstream.ops.files.Trees;
import io.rankstream.ops.stack.Distribution;
import io.rankstream.ops.stack.LocalStack;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.Prediction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** A broker, a registry and folders for jobs that learn tenants' mails; all go when it closes. */
final class JobBench implements AutoCloseable {

    private final Path folder;
    private final LocalStack stack;
    private final List<String> settings;
    private final int schemaId;

    private JobBench(Path folder, LocalStack stack, List<String> settings) throws Exception {
        this.folder = folder;
        this.stack = stack;
        this.settings = settings;
        this.schemaId = prepareTopics();
    }

    /**
     * Starts broker and registry.
     *
     * @param settings lines of the configuration of every job, beside where things are
     */
    static JobBench open(List<String> settings) throws Exception {
        Path folder = Files.createTempDirectory("rankstream-benchmark");
        try {
            LocalStack stack =
                    LocalStack.start(
                            Distribution.locate(), folder.resolve("work"), folder.resolve("logs"));
            try {
                return new JobBench(folder, stack, settings);
            } catch (Exception e) {
                stack.close();
                throw e;
            }
        } catch (Exception e) {
            Trees.delete(folder);
            throw e;
        }
    }

    private int prepareTopics() throws Exception {
        JobConfig config = config(List.of());
        NewTopic topic = new NewTopic(config.topics().labeledExamples(), 1, (short) 1);
        try (Admin admin = Admin.create(config.kafka().clientProperties())) {
            admin.createTopics(List.of(topic)).all().get();
        }
        try (SchemaRegistry registry = new SchemaRegistry(config.registry())) {
            return registry.registerAll(config.topics()).labeledExample();
        }
    }

    /**
     * Configuration of a job on a port of its own.
     *
     * @param more lines of this job alone
     */
    JobConfig config(List<String> more) throws ConfigException, IOException {
        List<String> lines = new ArrayList<>();
        lines.add("kafka.bootstrap-servers: " + stack.bootstrapServers());
        lines.add("registry.url: " + stack.registryUrl());
        lines.add("publish.directory: '" + folder.resolve("adapters") + "'");
        lines.add("publish.every-steps: 1000000");
        lines.add("training.labels: [ham, spam]");
        lines.add("flink.rest.bind-address: 127.0.0.1");
        lines.add("flink.rest.bind-port: " + freePort());
        lines.add("flink.web.checkpoints.history: 1000");
        lines.add("flink.web.refresh-interval: 100 ms");
        lines.add("flink.metrics.fetcher.update-interval: 100 ms");
        lines.add(
                "flink.execution.checkpointing.dir: '"
                        + folder.resolve("checkpoints").toUri()
                        + "'");
        lines.add("flink.restart-strategy.type: none");
        lines.addAll(settings);
        lines.addAll(more);
        return ConfigFile.parse(String.join("\n", lines), "the benchmark's configuration");
    }

    /** Sends examples in their order; all are stored when it returns. */
    void send(JobConfig config, List<LabeledExample> examples) throws Exception {
        ExampleProducer.send(config.kafka(), config.topics().labeledExamples(), schemaId, examples);
    }

    /** Predictions as they are made; a job must have made their topic. */
    TopicReader<Prediction> predictions(JobConfig config) {
        return TopicReader.live(
                stack.bootstrapServers(),
                config.topics().predictions(),
                Prediction.getClassSchema());
    }

    /** Folder for whatever a benchmark keeps until it ends. */
    Path folder() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        stack.close();
        Trees.delete(folder);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
