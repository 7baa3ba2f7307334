package io.rankstream.benchmarks.job;

import io.rankstream.benchmarks.measure.FiguresFile;
import io.rankstream.benchmarks.measure.Percentile;
import io.rankstream.benchmarks.measure.StepTimes;
import io.rankstream.benchmarks.workload.OpenLoop;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.demo.DemoConfig;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.ops.run.RunningJob;
import io.rankstream.ops.send.RecordSender;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.UnlabeledInput;
import io.rankstream.schemas.VoteKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Time from the arrival of a person's label on Kafka to the end of the optimizer step that was
 * taken on it, by the interval of checkpoints: the joined example is read once its checkpoint is
 * complete. Labels come at a rate that does not depend on the pipeline.
 */
@Command(
        name = "labels",
        description = "Time from a person's label on Kafka to updated weights, by checkpoints.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class LabelsBenchmark implements Callable<Integer> {

    /**
     * What was measured at one interval.
     *
     * @param intervalMillis from one checkpoint to the next
     * @param labels labels measured
     */
    record Latency(
            long intervalMillis, int labels, long p50Millis, long p99Millis, long longestMillis) {}

    @Option(
            names = "--intervals",
            split = ",",
            description = "Milliseconds from one checkpoint to the next.")
    private List<Long> intervals = List.of(500L, 2_000L, 10_000L);

    @Option(names = "--rate", description = "Mean labels a second.")
    private double rate = 4;

    @Option(names = "--labels", description = "Labels measured at each interval.")
    private int labels = 250;

    @Option(names = "--linger", description = "Milliseconds that close a micro-batch.")
    private long linger = 100;

    @Option(names = "--max-length", description = "Token limit of a text.")
    private int maxLength = 64;

    @Mixin private FiguresFile json = new FiguresFile();

    private final MailStream mails = MailStream.open();

    @Override
    public Integer call() throws Exception {
        List<LabeledExample> truth =
                mails.examplesOf(MailStream.SPAM_ADAPTER).stream()
                        .filter(mail -> !mail.getText().isBlank())
                        .limit(labels)
                        .toList();
        System.out.printf(
                "%12s %7s %9s %9s %9s%n", "checkpoints", "labels", "p50", "p99", "longest");
        List<Latency> latencies = new ArrayList<>();
        try (Workbench bench = Workbench.start()) {
            for (long interval : intervals) {
                Latency latency = measure(bench, truth, interval);
                print(latency);
                latencies.add(latency);
                json.write(latencies);
            }
        }
        return 0;
    }

    private Latency measure(Workbench bench, List<LabeledExample> truth, long interval)
            throws Exception {
        JobConfig config =
                bench.config(
                        "labels-" + interval,
                        """
                        loop.mode: train
                        loop.budget-share: 1
                        loop.max-open: %d
                        model.max-length: %d
                        batch.linger: %d ms
                        flink.execution.checkpointing.interval: %d ms
                        adapters:
                        %s"""
                                .formatted(
                                        labels,
                                        maxLength,
                                        linger,
                                        interval,
                                        DemoConfig.adapters(mails.labels())));
        bench.createTopics(config);
        try (RunningJob job = RunningJob.start(config);
                StepTimes steps = new StepTimes(job, config);
                OpenLoop<LabelVote> people =
                        new OpenLoop<>(config, Topic.LABELS, votesSchema(config))) {
            RecordSender.sendAll(
                    config,
                    Topic.UNLABELED_INPUTS,
                    truth.stream().map(mail -> input(mail, truth.get(0).getEventTime())).toList());
            Map<Long, Long> arrivals = people.send(votes(truth, requests(job, config)), rate);
            Map<Long, StepTimes.Step> trained = steps.await(truth.size());
            return latency(interval, arrivals, trained);
        }
    }

    private static int votesSchema(JobConfig config) throws Exception {
        try (SchemaRegistry registry = new SchemaRegistry(config.registry())) {
            return registry.idOf(config.topics(), Topic.LABELS);
        }
    }

    /** One adapter's examples come in the order of their votes, so the k-th is of the k-th. */
    private static Latency latency(
            long interval, Map<Long, Long> arrivals, Map<Long, StepTimes.Step> trained) {
        List<Long> votes = arrivals.keySet().stream().sorted().toList();
        List<Long> examples = trained.keySet().stream().sorted().toList();
        long[] millis =
                IntStream.range(0, votes.size())
                        .mapToLong(
                                i ->
                                        trained.get(examples.get(i)).endMillis()
                                                - arrivals.get(votes.get(i)))
                        .sorted()
                        .toArray();
        return new Latency(
                interval,
                millis.length,
                Percentile.of(millis, .5),
                Percentile.of(millis, .99),
                millis[millis.length - 1]);
    }

    private Map<String, LabelRequest> requests(RunningJob job, JobConfig config) throws Exception {
        Map<String, LabelRequest> requests = new HashMap<>();
        try (TopicReader<LabelRequest> reader =
                TopicReader.live(
                        config.kafka().bootstrapServers(),
                        config.topics().of(Topic.LABEL_REQUESTS),
                        LabelRequest.getClassSchema())) {
            while (requests.size() < labels) {
                if (job.hasEnded()) {
                    job.await();
                }
                reader.poll().forEach(each -> requests.put(each.getExampleId().toString(), each));
            }
        }
        return requests;
    }

    /** All inputs are of one time, so that none expires before its label comes. */
    private static UnlabeledInput input(LabeledExample mail, Instant eventTime) {
        return UnlabeledInput.newBuilder()
                .setExampleId(mail.getExampleId())
                .setAdapterId(mail.getAdapterId())
                .setText(mail.getText())
                .setEventTime(eventTime)
                .build();
    }

    private static List<LabelVote> votes(
            List<LabeledExample> truth, Map<String, LabelRequest> requests) {
        return truth.stream()
                .map(
                        mail ->
                                LabelVote.newBuilder()
                                        .setLabelId("vote")
                                        .setRevision(1)
                                        .setExampleId(mail.getExampleId())
                                        .setAdapterId(mail.getAdapterId())
                                        .setRequestId(
                                                requests.get(mail.getExampleId()).getRequestId())
                                        .setAnnotator("ann")
                                        .setKind(VoteKind.VOTE)
                                        .setLabel(mail.getLabel())
                                        .setLabeledAt(mail.getEventTime())
                                        .build())
                .toList();
    }

    private static void print(Latency latency) {
        System.out.printf(
                Locale.ROOT,
                "%9d ms %7d %6d ms %6d ms %6d ms%n",
                latency.intervalMillis(),
                latency.labels(),
                latency.p50Millis(),
                latency.p99Millis(),
                latency.longestMillis());
    }
}
