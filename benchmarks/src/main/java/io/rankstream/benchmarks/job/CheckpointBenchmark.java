package io.rankstream.benchmarks.job;

import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.MomentState;
import io.rankstream.adapters.training.Learner;
import io.rankstream.benchmarks.measure.FiguresFile;
import io.rankstream.benchmarks.workload.TenantMails;
import io.rankstream.job.config.JobConfig;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.Prediction;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.core.execution.SavepointFormatType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
public final class CheckpointBenchmark implements Callable<Integer> {

    private static final int BATCH = 4;
    private static final double MEBIBYTE = 1 << 20;

    /**
     * What so many adapters cost.
     *
     * @param minimumBytes bytes of their numbers
     * @param checkpointBytes mean of the checkpoints, and so is the time
     * @param syncMillis time that the task stood still for the first checkpoint
     * @param secondsToPrediction from the start on the savepoint to the first prediction
     */
    private record Cost(
            int adapters,
            long minimumBytes,
            double checkpointBytes,
            double checkpointMillis,
            long syncMillis,
            long savepointBytes,
            double savepointMillis,
            double secondsToPrediction) {}

    @Option(names = "--adapters", split = ",", description = "Adapters of each run.")
    private List<Integer> adapters = List.of(1, 10, 50);

    @Option(names = "--checkpoints", description = "Checkpoints of each run, 10 s apart.")
    private int checkpoints = 4;

    @Option(names = "--max-length", description = "Token limit of a text.")
    private int maxLength = 16;

    @Mixin private FiguresFile json = new FiguresFile();

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
        List<Cost> costs = new ArrayList<>();
        for (int count : adapters) {
            try (JobBench bench = JobBench.open(settings(count))) {
                Cost cost = measure(count, bench);
                print(cost);
                costs.add(cost);
            }
        }
        json.write(costs);
        return 0;
    }

    private List<String> settings(int count) {
        return List.of(
                "model.max-length: " + maxLength,
                "batch.max-examples: " + BATCH,
                "batch.linger: 0 s",
                "train.max-adapters: " + count,
                "train.cache-size: 2 gb");
    }

    private Cost measure(int count, JobBench bench) throws Exception {
        JobConfig config = bench.config(List.of());
        bench.send(config, examples(count));
        MeasuredJob job = MeasuredJob.start(config);
        List<MeasuredJob.Checkpoint> taken = awaitCheckpoints(job);
        long start = System.nanoTime();
        String savepoint =
                job.client()
                        .stopWithSavepoint(
                                false,
                                bench.folder().resolve("savepoints").toString(),
                                SavepointFormatType.CANONICAL)
                        .get();
        double savepointMillis = (System.nanoTime() - start) / 1e6;
        return new Cost(
                count,
                count * bytesOfAdapter(config),
                MeasuredJob.mean(taken, MeasuredJob.Checkpoint::bytes),
                MeasuredJob.mean(taken, MeasuredJob.Checkpoint::millis),
                taken.get(0).syncMillis(),
                bytesIn(Path.of(URI.create(savepoint))),
                savepointMillis,
                secondsToNextPrediction(bench, savepoint));
    }

    private static void print(Cost cost) {
        System.out.printf(
                Locale.ROOT,
                "%8d %12.1f %14.1f %10.0f %12d %12.1f %12.0f %10.1f%n",
                cost.adapters(),
                cost.minimumBytes() / MEBIBYTE,
                cost.checkpointBytes() / MEBIBYTE,
                cost.checkpointMillis(),
                cost.syncMillis(),
                cost.savepointBytes() / MEBIBYTE,
                cost.savepointMillis(),
                cost.secondsToPrediction());
    }

    /** More micro-batches than the job can train on, in turn for every adapter. */
    private static List<LabeledExample> examples(int count) {
        TenantMails mails = new TenantMails();
        return IntStream.range(0, 10 * mails.size())
                .mapToObj(i -> mails.next(i / BATCH % count))
                .toList();
    }

    private List<MeasuredJob.Checkpoint> awaitCheckpoints(MeasuredJob job)
            throws IOException, InterruptedException {
        List<MeasuredJob.Checkpoint> found = job.completed();
        while (found.size() < checkpoints) {
            Thread.sleep(500);
            found = job.completed();
        }
        return found;
    }

    private static double secondsToNextPrediction(JobBench bench, String savepoint)
            throws Exception {
        JobConfig config =
                bench.config(List.of("flink.execution.state-recovery.path: '" + savepoint + "'"));
        try (TopicReader<Prediction> predictions = bench.predictions(config)) {
            predictions.readToEnd();
            long start = System.nanoTime();
            MeasuredJob job = MeasuredJob.start(config);
            while (predictions.poll().isEmpty()) {
                // each poll waits for a moment
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            job.client().cancel().get();
            return seconds;
        }
    }

    /** Bytes of an adapter's floats: no names, no lengths, no checksums. */
    private static long bytesOfAdapter(JobConfig config) throws IOException {
        TrainingTemplate template = config.adapters().others().orElseThrow().template();
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
}
