package io.rankstream.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.MomentState;
import io.rankstream.adapters.training.AdapterTemplate;
import io.rankstream.adapters.training.Learner;
import io.rankstream.job.RankstreamJob;
import io.rankstream.job.config.ConfigException;
import io.rankstream.job.config.JobConfig;
import io.rankstream.ops.demo.ExampleProducer;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.ops.demo.TopicReader;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.Prediction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What checkpoints and savepoints of a running job cost, against the bytes of the adapters'
 * numbers, and how soon a job is back from a savepoint.
 */
@Command(
        name = "checkpoints",
        description = "Size and time of checkpoints, savepoints and restores, by adapters.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class CheckpointBenchmark implements Callable<Integer> {

    private static final String JOB = "checkpoints";
    private static final int BATCH = 4;
    private static final double MEBIBYTE = 1 << 20;

    /**
     * What the checkpoints of a run were like.
     *
     * @param bytes mean bytes that one added
     * @param millis mean time from its start to its completion
     * @param syncMillis longest time for which the newest one stopped a task
     */
    private record Checkpoints(long bytes, long millis, long syncMillis) {}

    @Option(names = "--adapters", split = ",", description = "Adapters of each run.")
    private List<Integer> adapters = List.of(1, 10, 50);

    @Option(names = "--checkpoints", description = "Checkpoints of each run, 10 s apart.")
    private int checkpoints = 4;

    @Option(names = "--max-length", description = "Token limit of a text.")
    private int maxLength = 16;

    @Override
    public Integer call() throws Exception {
        System.out.printf(
                "%8s %12s %14s %10s %12s %12s %12s %10s%n",
                "adapters",
                "minimum MiB",
                "checkpoint MiB",
                "ms",
                "of task ms",
                "savepoint MiB",
                "savepoint ms",
                "back in s");
        for (int count : adapters) {
            try (Workbench bench = Workbench.start()) {
                measure(count, bench);
            }
        }
        return 0;
    }

    private void measure(int count, Workbench bench) throws Exception {
        int port = freePort();
        JobConfig config = config(bench, count, port, "");
        send(config, bench.createInput(config), count);
        JobClient job = RankstreamJob.start(config);
        Checkpoints taken = awaitCheckpoints(job, port);
        long start = System.nanoTime();
        String savepoint =
                job.stopWithSavepoint(
                                false,
                                bench.folder(JOB).resolve("savepoints").toString(),
                                SavepointFormatType.CANONICAL)
                        .get();
        double savepointMillis = (System.nanoTime() - start) / 1e6;
        double back = secondsToNextPrediction(bench, count, savepoint);
        System.out.printf(
                Locale.ROOT,
                "%8d %12.1f %14.1f %10d %12d %12.1f %12.0f %10.1f%n",
                count,
                count * bytesOfAdapter(config) / MEBIBYTE,
                taken.bytes() / MEBIBYTE,
                taken.millis(),
                taken.syncMillis(),
                bytesIn(Path.of(URI.create(savepoint))) / MEBIBYTE,
                savepointMillis,
                back);
    }

    private JobConfig config(Workbench bench, int count, int port, String more)
            throws ConfigException {
        return bench.config(
                JOB,
                """
                model.max-length: %d
                batch.max-examples: %d
                batch.linger: 0 s
                train.max-adapters: %d
                train.cache-size: 2 gb
                publish.every-steps: 1000000
                training.labels: [ham, spam]
                flink.rest.bind-address: 127.0.0.1
                flink.rest.bind-port: %d
                %s"""
                        .formatted(maxLength, BATCH, count, port, more));
    }

    /** More micro-batches than the job can train on, in turn for every adapter. */
    private static void send(JobConfig config, int schemaId, int count) throws Exception {
        List<LabeledExample> mails =
                MailStream.open().examples(Integer.MAX_VALUE).stream()
                        .filter(mail -> mail.getAdapterId().equals(MailStream.SPAM_ADAPTER))
                        .toList();
        List<LabeledExample> examples = new ArrayList<>();
        for (int i = 0; i < 10 * mails.size(); i++) {
            LabeledExample mail = mails.get(i % mails.size());
            examples.add(
                    LabeledExample.newBuilder(mail)
                            .setAdapterId("tenant-" + i / BATCH % count)
                            .build());
        }
        ExampleProducer.send(config.kafka(), config.topics().labeledExamples(), schemaId, examples);
    }

    private Checkpoints awaitCheckpoints(JobClient job, int port)
            throws IOException, InterruptedException {
        String path = "/jobs/" + job.getJobID() + "/checkpoints";
        JsonNode found = ask(port, path);
        while (found.at("/counts/completed").asInt() < checkpoints) {
            Thread.sleep(500);
            found = ask(port, path);
        }
        JsonNode summary = found.get("summary");
        return new Checkpoints(
                summary.at("/checkpointed_size/avg").asLong(),
                summary.at("/end_to_end_duration/avg").asLong(),
                longestSync(port, path, found.at("/latest/completed/id").asLong()));
    }

    private static long longestSync(int port, String path, long checkpoint) throws IOException {
        String details = path + "/details/" + checkpoint;
        long longest = 0;
        for (Iterator<String> tasks = ask(port, details).get("tasks").fieldNames();
                tasks.hasNext(); ) {
            JsonNode task = ask(port, details + "/subtasks/" + tasks.next());
            longest = Math.max(longest, task.at("/summary/checkpoint_duration/sync/max").asLong());
        }
        return longest;
    }

    private double secondsToNextPrediction(Workbench bench, int count, String savepoint)
            throws Exception {
        JobConfig config =
                config(
                        bench,
                        count,
                        freePort(),
                        "flink.execution.state-recovery.path: '" + savepoint + "'");
        try (TopicReader<Prediction> predictions =
                TopicReader.live(
                        config.kafka().bootstrapServers(),
                        config.topics().predictions(),
                        Prediction.getClassSchema())) {
            predictions.readToEnd();
            long start = System.nanoTime();
            JobClient job = RankstreamJob.start(config);
            while (predictions.poll().isEmpty()) {
                // each poll waits for a moment
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            job.cancel().get();
            return seconds;
        }
    }

    /** Bytes of an adapter's floats: no names, no lengths, no checksums. */
    private static long bytesOfAdapter(JobConfig config) throws IOException {
        AdapterTemplate template = config.templates().fallback();
        try (Learner learner = Learner.open(config.model().source(), config.model().threads())) {
            AdapterState state = learner.create("any", template);
            MomentState moments = state.moments();
            long floats =
                    (long) state.triplets().values().length
                            + moments.tripletFirst().length
                            + moments.tripletSecond().length
                            + moments.headFirst().length
                            + moments.headSecond().length
                            + state.importance().sensitivity().length
                            + state.importance().uncertainty().length
                            + state.head().weight().length
                            + state.head().bias().length;
            return floats * Float.BYTES;
        }
    }

    private static long bytesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static JsonNode ask(int port, String path) throws IOException {
        return new ObjectMapper().readTree(URI.create("http://127.0.0.1:" + port + path).toURL());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
