package io.rankstream.benchmarks.job;

import io.rankstream.benchmarks.measure.BareLoop;
import io.rankstream.benchmarks.measure.FiguresFile;
import io.rankstream.benchmarks.measure.Percentile;
import io.rankstream.benchmarks.measure.StepTimes;
import io.rankstream.benchmarks.workload.MailConfig;
import io.rankstream.benchmarks.workload.OpenLoop;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.demo.DemoConfig;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.ops.run.RunningJob;
import io.rankstream.schemas.LabeledExample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Time from the arrival of a labeled example on Kafka to the end of the optimizer step that was
 * taken on it, by size and linger of the micro-batches. Examples come at a rate that does not
 * depend on the pipeline, so that waiting shows.
 */
@Command(
        name = "latency",
        description = "Time from a label on Kafka to updated weights, by micro-batch and linger.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class LatencyBenchmark implements Callable<Integer> {

    private static final int WARM_UP = 32;

    /**
     * What was measured of one setting.
     *
     * @param maxExamples examples that close a micro-batch
     * @param lingerMillis time that closes one; 0 never
     * @param examples examples measured
     * @param examplesPerStep mean examples of a step
     */
    record Latency(
            int maxExamples,
            long lingerMillis,
            int examples,
            double examplesPerStep,
            long p50Millis,
            long p99Millis,
            long longestMillis) {}

    /**
     * What is written as JSON.
     *
     * @param rate examples sent a second
     * @param capacity examples a second of the trainer alone with one example a step
     */
    record Report(int maxLength, double rate, double capacity, List<Latency> latencies) {}

    @Option(names = "--batch-sizes", split = ",", description = "Examples that close a batch.")
    private List<Integer> batchSizes = List.of(1, 4, 16);

    @Option(names = "--lingers", split = ",", description = "Milliseconds that close a batch.")
    private List<Long> lingers = List.of(50L, 200L, 1000L);

    @Option(names = "--rate", description = "Mean examples a second.")
    private double rate = 10;

    @Option(names = "--examples", description = "Examples measured of each setting.")
    private int examples = 250;

    @Option(names = "--max-length", description = "Token limit of a text.")
    private int maxLength = 32;

    @Mixin private FiguresFile json = new FiguresFile();

    @Override
    public Integer call() throws Exception {
        MailStream mails = MailStream.open();
        List<LabeledExample> stream =
                mails.examplesOf(MailStream.SPAM_ADAPTER).stream()
                        .filter(mail -> !mail.getText().isBlank())
                        .limit(WARM_UP + examples)
                        .toList();
        double capacity = capacity(mails, stream);
        System.out.printf(
                Locale.ROOT,
                "%.1f examples/s, %.0f%% of what the trainer alone takes one by one, %.1f/s%n%n",
                rate,
                100 * rate / capacity,
                capacity);
        System.out.printf(
                "%10s %9s %14s %9s %9s %9s%n",
                "batch size", "linger", "examples/step", "p50", "p99", "longest");
        List<Latency> latencies = new ArrayList<>();
        try (Workbench bench = Workbench.start()) {
            for (int batchSize : batchSizes) {
                // a batch of one is full at once
                for (long linger : batchSize == 1 ? List.of(0L) : lingers) {
                    Latency latency = measure(bench, mails, stream, batchSize, linger);
                    print(latency);
                    latencies.add(latency);
                }
            }
        }
        json.write(new Report(maxLength, rate, capacity, latencies));
        return 0;
    }

    private double capacity(MailStream mails, List<LabeledExample> stream) throws Exception {
        JobConfig config = MailConfig.of(mails, maxLength, 1, 0, List.of());
        return BareLoop.run(config, stream.subList(0, Math.min(stream.size(), 128)))
                .course()
                .rate(1);
    }

    private Latency measure(
            Workbench bench,
            MailStream mails,
            List<LabeledExample> stream,
            int batchSize,
            long linger)
            throws Exception {
        JobConfig config =
                bench.config(
                        "batch-%d-linger-%d".formatted(batchSize, linger),
                        """
                        model.max-length: %d
                        batch.max-examples: %d
                        batch.linger: %d ms
                        adapters:
                        %s"""
                                .formatted(
                                        maxLength,
                                        batchSize,
                                        linger,
                                        DemoConfig.adapters(mails.labels())));
        int schemaId = bench.createTopics(config);
        try (RunningJob job = RunningJob.start(config);
                StepTimes steps = new StepTimes(job, config);
                OpenLoop<LabeledExample> source =
                        new OpenLoop<>(config, Topic.LABELED_EXAMPLES, schemaId)) {
            source.send(stream.subList(0, WARM_UP), rate);
            steps.await(WARM_UP);
            Map<Long, Long> arrivals = source.send(stream.subList(WARM_UP, stream.size()), rate);
            Map<Long, StepTimes.Step> trained = steps.await(stream.size());
            return latency(batchSize, linger, arrivals, trained);
        }
    }

    private static Latency latency(
            int batchSize,
            long linger,
            Map<Long, Long> arrivals,
            Map<Long, StepTimes.Step> trained) {
        long[] millis =
                arrivals.entrySet().stream()
                        .mapToLong(
                                arrival ->
                                        trained.get(arrival.getKey()).endMillis()
                                                - arrival.getValue())
                        .sorted()
                        .toArray();
        long steps =
                arrivals.keySet().stream()
                        .map(offset -> trained.get(offset).number())
                        .distinct()
                        .count();
        return new Latency(
                batchSize,
                linger,
                millis.length,
                (double) millis.length / steps,
                Percentile.of(millis, .5),
                Percentile.of(millis, .99),
                millis[millis.length - 1]);
    }

    private static void print(Latency latency) {
        System.out.printf(
                Locale.ROOT,
                "%10d %6s ms %14.1f %6d ms %6d ms %6d ms%n",
                latency.maxExamples(),
                latency.lingerMillis() == 0 ? "–" : latency.lingerMillis(),
                latency.examplesPerStep(),
                latency.p50Millis(),
                latency.p99Millis(),
                latency.longestMillis());
    }
}
