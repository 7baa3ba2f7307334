package io.rankstream.ops.fault;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.preflight.TopicCreation;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.stack.Distribution;
import io.rankstream.ops.stack.FlinkProcesses;
import io.rankstream.ops.stack.LocalStack;
import io.rankstream.ops.stack.ZooKeeper;
import io.rankstream.schemas.LabeledExample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A job and everything that it needs, each in a process of its own for a fault to strike: broker,
 * registry, ZooKeeper, JobManager and two TaskManagers; and the folder that it publishes to.
 */
final class Deployment implements AutoCloseable {

    private static final int PUBLISH_EVERY = 4;

    private static final String YAML =
            """
            kafka.bootstrap-servers: %1$s
            kafka.group-id: %2$s
            kafka.bounded: %3$b
            kafka.starting-offsets: earliest
            topics.predictions: %2$s-predictions
            topics.training-reports: %2$s-reports
            topics.command-answers: %2$s-answers
            topics.drift-events: %2$s-drift
            topics.adapter-versions: %2$s-versions
            topics.dead-letters: %2$s-dead-letters
            registry.url: %4$s
            registry.request-timeout: 2 s
            model.max-length: 16
            model.threads: 1
            batch.max-examples: %5$d
            batch.linger: 0 s
            publish.directory: '%6$s'
            publish.every-steps: %7$d
            training.labels: [ham, spam]
            training.target-modules: [query, value]
            training.init-rank: 4
            training.budget.target-rank: 2
            training.budget.warmup-steps: 2
            training.budget.ramp-steps: 10
            training.budget.mask-interval: 2
            flink.execution.checkpointing.interval: 1 s
            flink.execution.checkpointing.dir: '%8$s'
            flink.restart-strategy.type: fixed-delay
            flink.restart-strategy.fixed-delay.attempts: 1000000
            flink.restart-strategy.fixed-delay.delay: 1 s
            """;

    private final Path folder;
    private final LocalStack stack;
    private final PublishVolume volume;
    private final JobConfig config;
    private final int exampleSchema;
    private final ZooKeeper zooKeeper;
    private final FlinkProcesses flink;
    private final FlinkRest job;

    private Deployment(Path folder, LocalStack stack, List<AutoCloseable> started)
            throws Exception {
        this.folder = folder;
        this.stack = stack;
        this.volume = PublishVolume.create(folder);
        Path file = write("job", false, volume.mountPoint());
        this.config = ConfigFile.load(file);
        createTopics();
        try (SchemaRegistry registry = new SchemaRegistry(config.registry())) {
            this.exampleSchema =
                    registry.idOf(
                            config.topics().of(Topic.LABELED_EXAMPLES),
                            LabeledExample.getClassSchema());
        }
        this.zooKeeper = ZooKeeper.start(Distribution.locate(), folder.resolve("zookeeper"));
        started.add(zooKeeper);
        this.flink =
                FlinkProcesses.startHighlyAvailable(
                        Distribution.locate(), folder.resolve("flink"), zooKeeper.address());
        started.add(flink);
        this.job = new FlinkRest(flink.rest(), flink.submit(file));
    }

    /** Starts everything and submits the job. */
    static Deployment start(Path folder) throws Exception {
        List<AutoCloseable> started = new ArrayList<>();
        LocalStack stack =
                LocalStack.start(
                        Distribution.locate(), folder.resolve("work"), folder.resolve("logs"));
        started.add(stack);
        try {
            return new Deployment(folder, stack, started);
        } catch (Exception e) {
            for (AutoCloseable each : started) {
                each.close();
            }
            throw e;
        }
    }

    JobConfig config() {
        return config;
    }

    /** Registered id of the examples' schema. */
    int exampleSchema() {
        return exampleSchema;
    }

    LocalStack stack() {
        return stack;
    }

    FlinkProcesses flink() {
        return flink;
    }

    FlinkRest job() {
        return job;
    }

    PublishVolume volume() {
        return volume;
    }

    /** How many versions a job that is not stopped publishes of what was sent. */
    static int versionsDue(Ledger sent) {
        int adapters = Traffic.ADAPTERS.size();
        int steps = sent.examples().size() / adapters / Traffic.BATCH_EXAMPLES;
        return adapters * (steps / PUBLISH_EVERY);
    }

    /** Folder for a savepoint. */
    Path savepoints() {
        return folder.resolve("savepoints");
    }

    /** The same job on the same input, but with outputs of its own, and ending with the input. */
    JobConfig undisturbed() throws Exception {
        return ConfigFile.load(write("undisturbed", true, folder.resolve("undisturbed-adapters")));
    }

    @Override
    public void close() {
        flink.close();
        zooKeeper.close();
        stack.close();
    }

    private Path write(String name, boolean bounded, Path publish) throws Exception {
        String yaml =
                YAML.formatted(
                        stack.bootstrapServers(),
                        name,
                        bounded,
                        stack.registryUrl(),
                        Traffic.BATCH_EXAMPLES,
                        publish,
                        PUBLISH_EVERY,
                        folder.resolve(name + "-checkpoints").toUri());
        return Files.writeString(folder.resolve(name + ".yaml"), yaml);
    }

    private void createTopics() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            NewTopic input = new NewTopic(config.topics().of(Topic.LABELED_EXAMPLES), 1, (short) 1);
            admin.createTopics(List.of(input)).all().get(60, TimeUnit.SECONDS);
        }
        TopicCreation.createMissing(config.kafka(), config.topics(), config.usedTopics());
    }
}
