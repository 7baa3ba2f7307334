package io.rankstream.benchmarks.job;

import io.rankstream.benchmarks.measure.BareLoop;
import io.rankstream.benchmarks.measure.FiguresFile;
import io.rankstream.benchmarks.measure.Percentile;
import io.rankstream.benchmarks.measure.StepTimes;
import io.rankstream.benchmarks.workload.MailConfig;
import io.rankstream.benchmarks.workload.OpenLoop;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.demo.DemoConfig;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.ops.run.RunningJob;
import io.rankstream.ops.send.RecordSender;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.UnlabeledInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Time from the arrival of an input without a label on Kafka to its prediction, beside training at
 * several loads; and how many inputs a second are predicted when they all wait, alone and beside
 * examples that all wait.
 */
@Command(
        name = "predict",
        description = "Latency and rate of predictions beside training.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class PredictBenchmark implements Callable<Integer> {

    private static final int WARM_UP = 32;
    private static final int FULL = 100;

    /**
     * Latency at one load.
     *
     * @param percent examples sent, of what the trainer alone takes; at 100 they all wait
     * @param trained examples a second that were trained on meanwhile
     */
    record Latency(
            int percent,
            int inputs,
            double trained,
            long p50Millis,
            long p99Millis,
            long longestMillis) {}

    /**
     * Rate where all inputs wait.
     *
     * @param trained examples a second that were trained on meanwhile
     */
    record Rate(boolean besideTraining, int inputs, double predicted, double trained) {}

    /**
     * What is written as JSON.
     *
     * @param capacity examples a second of the trainer alone
     * @param rate inputs a second where latency was measured
     */
    record Report(
            int maxLength,
            int batchSize,
            double capacity,
            double rate,
            List<Latency> latencies,
            List<Rate> rates) {}

    @Option(names = "--loads", split = ",", description = "Examples, in percent of what is taken.")
    private List<Integer> loads = List.of(0, 10, 50, FULL);

    @Option(names = "--rate", description = "Mean inputs a second where latency is measured.")
    private double rate = 10;

    @Option(names = "--inputs", description = "Inputs measured at each load.")
    private int inputs = 300;

    @Option(names = "--waiting", description = "Inputs that wait where the rate is measured.")
    private int waiting = 2_000;

    @Option(names = "--batch-size", description = "Examples that close a micro-batch.")
    private int batchSize = 4;

    @Option(names = "--max-length", description = "Token limit of a text.")
    private int maxLength = 64;

    @Option(names = "--rounds", description = "Times that each is measured.")
    private int rounds = 3;

    @Mixin private FiguresFile json = new FiguresFile();

    private final MailStream mails = MailStream.open();
    private final List<LabeledExample> examples =
            mails.examplesOf(MailStream.SPAM_ADAPTER).stream()
                    .filter(mail -> !mail.getText().isBlank())
                    .toList();

    private double capacity;

    @Override
    public Integer call() throws Exception {
        capacity =
                BareLoop.run(
                                MailConfig.of(mails, maxLength, batchSize, 0, List.of()),
                                examples.subList(0, 160))
                        .course()
                        .rate(WARM_UP / batchSize);
        System.out.printf(
                Locale.ROOT,
                "The trainer alone takes %.1f examples/s; %.1f inputs/s are sent.%n%n",
                capacity,
                rate);
        List<Latency> latencies = new ArrayList<>();
        List<Rate> rates = new ArrayList<>();
        try (Workbench bench = Workbench.start()) {
            System.out.printf(
                    "%6s %7s %12s %9s %9s %9s%n",
                    "load", "inputs", "examples/s", "p50", "p99", "longest");
            for (int round = 0; round < rounds; round++) {
                for (int load : loads) {
                    latencies.add(latency(bench, round, load));
                    print(latencies.get(latencies.size() - 1));
                }
            }
            System.out.printf("%n%16s %10s %12s%n", "beside training", "inputs/s", "examples/s");
            for (int round = 0; round < rounds; round++) {
                for (boolean besideTraining : List.of(false, true)) {
                    rates.add(rate(bench, round, besideTraining));
                    print(rates.get(rates.size() - 1));
                }
            }
        }
        json.write(new Report(maxLength, batchSize, capacity, rate, latencies, rates));
        return 0;
    }

    private JobConfig config(Workbench bench, String name) throws Exception {
        return bench.config(
                name,
                """
                loop.mode: predict
                model.max-length: %d
                batch.max-examples: %d
                adapters:
                %s"""
                        .formatted(maxLength, batchSize, DemoConfig.adapters(mails.labels())));
    }

    private Latency latency(Workbench bench, int round, int percent) throws Exception {
        JobConfig config = config(bench, "latency-%d-%d".formatted(round, percent));
        int schemaId = bench.createTopics(config);
        double seconds = inputs / rate;
        int beside = Math.min(examples.size(), (int) (seconds * capacity * percent / FULL));
        ExecutorService trainer = Executors.newSingleThreadExecutor();
        try (RunningJob job = RunningJob.start(config);
                StepTimes steps = new StepTimes(job, config);
                TopicReader<InputPrediction> predictions = predictions(config);
                OpenLoop<LabeledExample> labeled =
                        new OpenLoop<>(config, Topic.LABELED_EXAMPLES, schemaId);
                OpenLoop<UnlabeledInput> unlabeled =
                        new OpenLoop<>(config, Topic.UNLABELED_INPUTS, inputSchema(config))) {
            warmUp(config, steps, predictions);
            Future<?> sent =
                    trainer.submit(
                            () ->
                                    labeled.send(
                                            cycle(beside),
                                            percent == FULL
                                                    ? Double.MAX_VALUE
                                                    : capacity * percent / FULL));
            long before = System.nanoTime();
            Map<Long, Long> arrivals = unlabeled.send(inputs(inputs), rate);
            long[] millis =
                    await(job, predictions, inputs).stream()
                            .mapToLong(
                                    each ->
                                            each.getPredictedAt().toEpochMilli()
                                                    - arrivals.get(each.getOffset()))
                            .sorted()
                            .toArray();
            double took = (System.nanoTime() - before) / 1e9;
            int trained = steps.soFar() - WARM_UP;
            sent.get();
            return new Latency(
                    percent,
                    millis.length,
                    trained / took,
                    Percentile.of(millis, .5),
                    Percentile.of(millis, .99),
                    millis[millis.length - 1]);
        } finally {
            trainer.shutdown();
        }
    }

    private Rate rate(Workbench bench, int round, boolean besideTraining) throws Exception {
        JobConfig config = config(bench, "rate-%d-%b".formatted(round, besideTraining));
        bench.createTopics(config);
        try (RunningJob job = RunningJob.start(config);
                StepTimes steps = new StepTimes(job, config);
                TopicReader<InputPrediction> predictions = predictions(config)) {
            warmUp(config, steps, predictions);
            if (besideTraining) {
                RecordSender.sendAll(config, Topic.LABELED_EXAMPLES, cycle(waiting));
            }
            RecordSender.sendAll(config, Topic.UNLABELED_INPUTS, inputs(waiting));
            long before = System.nanoTime();
            int seen = steps.soFar();
            int predicted = await(job, predictions, waiting).size();
            double took = (System.nanoTime() - before) / 1e9;
            return new Rate(
                    besideTraining, predicted, predicted / took, (steps.soFar() - seen) / took);
        }
    }

    /** Examples that make the adapter, and inputs that make the machine know the way. */
    private void warmUp(JobConfig config, StepTimes steps, TopicReader<InputPrediction> predictions)
            throws Exception {
        RecordSender.sendAll(config, Topic.LABELED_EXAMPLES, examples.subList(0, WARM_UP));
        steps.await(WARM_UP);
        RecordSender.sendAll(config, Topic.UNLABELED_INPUTS, inputs(WARM_UP));
        for (int seen = 0; seen < WARM_UP; ) {
            seen += predictions.poll().size();
        }
    }

    private static List<InputPrediction> await(
            RunningJob job, TopicReader<InputPrediction> predictions, int count) throws Exception {
        List<InputPrediction> all = new ArrayList<>();
        while (all.size() < count) {
            if (job.hasEnded()) {
                job.await();
            }
            all.addAll(predictions.poll());
        }
        return all;
    }

    private static TopicReader<InputPrediction> predictions(JobConfig config) {
        return TopicReader.live(
                config.kafka().bootstrapServers(),
                config.topics().of(Topic.INPUT_PREDICTIONS),
                InputPrediction.getClassSchema());
    }

    private static int inputSchema(JobConfig config) throws Exception {
        try (SchemaRegistry registry = new SchemaRegistry(config.registry())) {
            return registry.idOf(config.topics(), Topic.UNLABELED_INPUTS);
        }
    }

    private List<LabeledExample> cycle(int count) {
        return IntStream.range(WARM_UP, WARM_UP + count)
                .mapToObj(i -> examples.get(i % examples.size()))
                .toList();
    }

    private List<UnlabeledInput> inputs(int count) {
        return cycle(count).stream()
                .map(
                        mail ->
                                UnlabeledInput.newBuilder()
                                        .setExampleId(mail.getExampleId())
                                        .setAdapterId(mail.getAdapterId())
                                        .setText(mail.getText())
                                        .setEventTime(mail.getEventTime())
                                        .build())
                .toList();
    }

    private static void print(Latency latency) {
        System.out.printf(
                Locale.ROOT,
                "%4d %% %7d %12.1f %6d ms %6d ms %6d ms%n",
                latency.percent(),
                latency.inputs(),
                latency.trained(),
                latency.p50Millis(),
                latency.p99Millis(),
                latency.longestMillis());
    }

    private static void print(Rate rate) {
        System.out.printf(
                Locale.ROOT,
                "%16s %10.1f %12.1f%n",
                rate.besideTraining() ? "yes" : "no",
                rate.predicted(),
                rate.trained());
    }
}
