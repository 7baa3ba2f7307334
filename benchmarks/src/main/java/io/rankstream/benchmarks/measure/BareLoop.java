package io.rankstream.benchmarks.measure;

import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.drift.DriftAlarm;
import io.rankstream.adapters.drift.input.InputAlarm;
import io.rankstream.adapters.engine.ComputeDevice;
import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.classification.PrequentialScore;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.adapters.training.Learner;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.adapters.training.StepOutcome;
import io.rankstream.adapters.training.StepReport;
import io.rankstream.adapters.training.TrainingExample;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.job.train.TrainingDevice;
import io.rankstream.schemas.LabeledExample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The trainer alone, in a loop over examples in memory: no Kafka, no Flink. */
public final class BareLoop {

    /**
     * How one adapter fared.
     *
     * @param score prequential score of the whole stream
     * @param first100 accuracy over its first 100 examples
     * @param first400 accuracy over its first 400 examples
     * @param secondHalf accuracy over the second half of its examples
     * @param liveParameters learned numbers of the live triplets at the end; the head's not among
     *     them
     * @param alarms of changes in its stream
     * @param advice about its inputs, where they are watched
     */
    public record Result(
            PrequentialScore score,
            double first100,
            double first400,
            double secondHalf,
            long liveParameters,
            List<DriftAlarm> alarms,
            List<InputAlarm> advice) {}

    /**
     * How a run went.
     *
     * @param adapters results by adapter
     * @param examples examples trained on
     * @param seconds wall time, tokenization included, loading the model not
     * @param course when its steps ended
     */
    public record Run(Map<String, Result> adapters, int examples, double seconds, Course course) {
        public double examplesPerSecond() {
            return examples / seconds;
        }
    }

    /** Follows a run. */
    @FunctionalInterface
    public interface StepListener {

        /**
         * Called after every optimizer step.
         *
         * @param adapter the adapter that was trained
         * @param hits of each example of the step, whether it was predicted right beforehand
         */
        void trained(ResidentAdapter adapter, List<Boolean> hits);

        /** Called before that, with what the step did. */
        default void reported(ResidentAdapter adapter, StepReport report) {}
    }

    private static final class Learning {
        final ResidentAdapter adapter;
        final Method method;
        final List<TrainingExample> pending = new ArrayList<>();
        final List<Boolean> hits = new ArrayList<>();
        final List<DriftAlarm> alarms = new ArrayList<>();
        final List<InputAlarm> advice = new ArrayList<>();

        Learning(ResidentAdapter adapter, Method method) {
            this.adapter = adapter;
            this.method = method;
        }

        void trainPending(StepListener listener) {
            StepOutcome outcome = adapter.train(pending);
            int before = hits.size();
            outcome.predictions().forEach(prediction -> hits.add(prediction.isRight()));
            outcome.report()
                    .ifPresent(
                            report -> {
                                report.alarms().forEach(raised -> alarms.add(raised.alarm()));
                                report.inputAlarms().forEach(raised -> advice.add(raised.alarm()));
                                listener.reported(adapter, report);
                            });
            pending.clear();
            listener.trained(adapter, hits.subList(before, hits.size()));
        }

        Result result() {
            return new Result(
                    (PrequentialScore) adapter.meta().score(),
                    share(hits.subList(0, Math.min(100, hits.size()))),
                    share(hits.subList(0, Math.min(400, hits.size()))),
                    share(hits.subList(hits.size() / 2, hits.size())),
                    liveParameters(),
                    List.copyOf(alarms),
                    List.copyOf(advice));
        }

        private static double share(List<Boolean> hits) {
            return (double) hits.stream().filter(hit -> hit).count() / hits.size();
        }

        private long liveParameters() {
            AdapterState state = adapter.capture();
            TripletLayout layout = state.triplets().layout();
            int[] ranks = state.budget().liveRanks(layout.rank());
            int learnedOfE = method == Method.ADALORA ? 1 : 0;
            return IntStream.range(0, ranks.length)
                    .mapToLong(
                            k -> (long) ranks[k] * parameters(layout.modules().get(k), learnedOfE))
                    .sum();
        }

        private static int parameters(ModuleShape module, int learnedOfE) {
            return module.in() + learnedOfE + module.out();
        }
    }

    private BareLoop() {}

    /** Trains on {@code examples} in their order; blank texts and unknown labels are left out. */
    public static Run run(JobConfig config, List<LabeledExample> examples) throws IOException {
        return run(config, examples, (adapter, hits) -> {});
    }

    /** As {@link #run(JobConfig, List)}, telling {@code listener} of every step. */
    public static Run run(JobConfig config, List<LabeledExample> examples, StepListener listener)
            throws IOException {
        ModelSettings model = config.model();
        ComputeDevice device = TrainingDevice.of(model.device(), Set.of());
        try (Learner learner = Learner.open(model.source(), model.threads(), device);
                TextEncoder encoder = TextEncoder.open(model.source(), model.maxLength())) {
            Map<String, Learning> learning = new TreeMap<>();
            try {
                return run(config, examples, listener, learner, encoder, learning);
            } finally {
                learning.values().forEach(own -> own.adapter.close());
            }
        }
    }

    private static Run run(
            JobConfig config,
            List<LabeledExample> examples,
            StepListener listener,
            Learner learner,
            TextEncoder encoder,
            Map<String, Learning> learning) {
        long start = System.nanoTime();
        List<Course.Mark> marks = new ArrayList<>();
        StepListener timed =
                new StepListener() {
                    @Override
                    public void trained(ResidentAdapter adapter, List<Boolean> hits) {
                        listener.trained(adapter, hits);
                        marks.add(new Course.Mark(secondsSince(start), BareLoop.trained(learning)));
                    }

                    @Override
                    public void reported(ResidentAdapter adapter, StepReport report) {
                        listener.reported(adapter, report);
                    }
                };
        for (LabeledExample example : examples) {
            TrainingTemplate template =
                    config.adapters().template(example.getAdapterId()).orElseThrow();
            if (!template.labels().contains(example.getLabel()) || example.getText().isBlank()) {
                continue;
            }
            Learning own =
                    learning.computeIfAbsent(
                            example.getAdapterId(),
                            id ->
                                    new Learning(
                                            learner.admit(learner.create(id, template), template),
                                            template.method()));
            Tokens tokens = encoder.encode(example.getText());
            own.pending.add(
                    new TrainingExample(tokens, new Target.Label(example.getLabel().toString())));
            if (own.pending.size() == config.batch().maxExamples()) {
                own.trainPending(timed);
            }
        }
        learning.values().stream()
                .filter(own -> !own.pending.isEmpty())
                .forEach(own -> own.trainPending(timed));
        double seconds = secondsSince(start);
        Map<String, Result> results = new TreeMap<>();
        learning.forEach((id, own) -> results.put(id, own.result()));
        return new Run(results, trained(learning), seconds, new Course(marks));
    }

    private static int trained(Map<String, Learning> learning) {
        return learning.values().stream().mapToInt(own -> own.hits.size()).sum();
    }

    private static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }
}
