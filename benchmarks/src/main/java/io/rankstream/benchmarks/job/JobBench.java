package io.rankstream.benchmarks.job;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.send.RecordSender;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.Prediction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A broker, a registry and folders for jobs that learn tenants' mails; all go when it closes. */
public final class JobBench implements AutoCloseable {

    private static final String JOB = "tenants";

    private final Workbench bench;
    private final List<String> settings;

    private JobBench(Workbench bench, List<String> settings) throws Exception {
        this.bench = bench;
        this.settings = settings;
        bench.createTopics(config(List.of()));
    }

    /**
     * Starts broker and registry.
     *
     * @param settings lines of the configuration of every job, beside where things are
     */
    public static JobBench open(List<String> settings) throws Exception {
        Workbench bench = Workbench.start();
        try {
            return new JobBench(bench, settings);
        } catch (Exception e) {
            bench.close();
            throw e;
        }
    }

    /**
     * Configuration of a job on a port of its own.
     *
     * @param more lines of this job alone
     */
    public JobConfig config(List<String> more) throws ConfigException, IOException {
        List<String> lines = new ArrayList<>();
        lines.add("publish.every-steps: 1000000");
        lines.add("training.labels: [ham, spam]");
        lines.add("flink.rest.bind-address: 127.0.0.1");
        lines.add("flink.rest.bind-port: " + freePort());
        lines.add("flink.web.checkpoints.history: 1000");
        lines.add("flink.web.refresh-interval: 100 ms");
        lines.add("flink.metrics.fetcher.update-interval: 100 ms");
        lines.addAll(settings);
        lines.addAll(more);
        return bench.config(JOB, String.join("\n", lines));
    }

    /** Sends examples in their order; all are stored when it returns. */
    public void send(JobConfig config, List<LabeledExample> examples) throws Exception {
        RecordSender.sendAll(config, Topic.LABELED_EXAMPLES, examples);
    }

    /** Predictions as they are made. */
    public TopicReader<Prediction> predictions(JobConfig config) {
        return TopicReader.live(
                bench.stack().bootstrapServers(),
                config.topics().of(Topic.PREDICTIONS),
                Prediction.getClassSchema());
    }

    /** Folder for whatever a benchmark keeps until it ends. */
    Path folder() {
        return bench.folder(JOB);
    }

    @Override
    public void close() throws IOException {
        bench.close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
