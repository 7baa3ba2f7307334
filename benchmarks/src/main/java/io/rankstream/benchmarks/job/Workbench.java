package io.rankstream.benchmarks.job;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.preflight.TopicCreation;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.files.Trees;
import io.rankstream.ops.stack.Distribution;
import io.rankstream.ops.stack.LocalStack;
import io.rankstream.schemas.LabeledExample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** A broker, a schema registry and a folder for the jobs of a benchmark. */
public final class Workbench implements AutoCloseable {

    private final Path folder;
    private final LocalStack stack;

    private Workbench(Path folder, LocalStack stack) {
        this.folder = folder;
        this.stack = stack;
    }

    public static Workbench start() throws Exception {
        Path folder = Files.createTempDirectory("rankstream-benchmark");
        return new Workbench(
                folder,
                LocalStack.start(
                        Distribution.locate(), folder.resolve("work"), folder.resolve("logs")));
    }

    public LocalStack stack() {
        return stack;
    }

    /** Folder of a job's own. */
    Path folder(String job) {
        return folder.resolve(job);
    }

    /**
     * Configuration of a job with topics, checkpoints and published versions of its own.
     *
     * @param job its name
     * @param more further lines of the file
     */
    public JobConfig config(String job, String more) throws ConfigException {
        return ConfigFile.parse(
                """
                kafka.bootstrap-servers: %1$s
                kafka.group-id: %2$s
                registry.url: %3$s
                topics.labeled-examples: %2$s-labeled-examples
                topics.predictions: %2$s-predictions
                topics.unlabeled-inputs: %2$s-unlabeled-inputs
                topics.input-predictions: %2$s-input-predictions
                topics.label-requests: %2$s-label-requests
                topics.labels: %2$s-labels
                publish.directory: '%4$s'
                flink.execution.checkpointing.dir: '%5$s'
                flink.restart-strategy.type: none
                %6$s
                """
                        .formatted(
                                stack.bootstrapServers(),
                                job,
                                stack.registryUrl(),
                                folder(job).resolve("adapters"),
                                folder(job).resolve("checkpoints").toUri(),
                                more),
                "the benchmark's configuration");
    }

    /**
     * Makes the topics of a job. In those of its examples and its inputs, a record has the time of
     * its arrival.
     *
     * @return registered id of the examples' schema
     */
    public int createTopics(JobConfig config) throws Exception {
        List<NewTopic> inputs =
                config.readTopics().stream()
                        .filter(topic -> !topic.equals(Topic.CONTROL_COMMANDS))
                        .map(topic -> ofArrivals(config.topics().of(topic)))
                        .toList();
        try (Admin admin = Admin.create(config.kafka().clientProperties());
                SchemaRegistry registry = new SchemaRegistry(config.registry())) {
            admin.createTopics(inputs).all().get();
            TopicCreation.createMissing(config.kafka(), config.topics(), config.usedTopics());
            return registry.idOf(
                    config.topics().of(Topic.LABELED_EXAMPLES), LabeledExample.getClassSchema());
        }
    }

    private static NewTopic ofArrivals(String topic) {
        return new NewTopic(topic, 1, (short) 1)
                .configs(Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime"));
    }

    @Override
    public void close() throws IOException {
        stack.close();
        Trees.delete(folder);
    }
}
