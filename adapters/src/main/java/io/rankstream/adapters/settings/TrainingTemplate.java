package io.rankstream.adapters.settings;

import io.rankstream.adapters.adalora.BudgetSchedule;
import io.rankstream.adapters.adalora.Counted;
import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.drift.DriftSettings;
import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.method.OrthogonalityPenalty;
import io.rankstream.adapters.model.TargetModule;
import io.rankstream.adapters.probe.ProbeSettings;
import io.rankstream.adapters.replay.ReplaySettings;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.HeadKind;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.task.classification.Classification;
import io.rankstream.adapters.tokens.Reading;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hyperparameters that a new adapter starts from and every step of it follows. {@link
 * #classification} begins one, with the defaults for everything but the labels.
 *
 * @param head the task and the head's layers
 * @param labels names of the classes, at least two; none where the task has no labels
 * @param method what is learned beside the head
 * @param targetModules names of the linear layers that are adapted, or the ends of their names from
 *     a dot on, as in PEFT
 * @param initRank triplets a module starts with ({@code init_r})
 * @param alpha numerator of the scale s = α / (init_r + 1e-5), constant for the adapter's life
 * @param dropout probability that an input feature of the low-rank path is dropped, [0, 1)
 * @param schedule rank budget over steps
 * @param sensitivityDecay β1 of Ī
 * @param uncertaintyDecay β2 of Ū
 * @param orthogonality regulariser on P and Q
 * @param optimizer AdamW and the learning rate
 * @param mixture whether an online head and the words speak beside the head, see {@link
 *     io.rankstream.adapters.mixture}; a task without labels has no mixture
 * @param drift how changes in its stream are looked for, see {@link io.rankstream.adapters.drift}
 * @param probes which examples are withheld to see what is forgotten, see {@link
 *     io.rankstream.adapters.probe}
 * @param replay what is learned from again beside new examples, see {@link
 *     io.rankstream.adapters.replay}
 * @param examplesPerPass most examples of one forward and backward pass; the gradients of a larger
 *     micro-batch are accumulated over several. 0 takes any micro-batch at once
 * @param seed seed of the job; an adapter's own seed is derived from it and its id
 */
public record TrainingTemplate(
        HeadKind head,
        List<String> labels,
        Method method,
        List<String> targetModules,
        int initRank,
        double alpha,
        double dropout,
        BudgetSchedule schedule,
        double sensitivityDecay,
        double uncertaintyDecay,
        OrthogonalityPenalty orthogonality,
        OptimizerSettings optimizer,
        boolean mixture,
        DriftSettings drift,
        ProbeSettings probes,
        ReplaySettings replay,
        int examplesPerPass,
        long seed)
        implements Serializable {

    public TrainingTemplate {
        labels = List.copyOf(labels);
        targetModules = List.copyOf(targetModules);
    }

    /** The budget of a stream, from which the others differ in {@link #schedule} alone. */
    public static final StreamingBudgetSchedule DEFAULT_SCHEDULE =
            new StreamingBudgetSchedule(Counted.EXAMPLES, 100, 400, 10, 8);

    /** All defaults; it has no labels yet. */
    public static final TrainingTemplate DEFAULTS = classification().build();

    /** A template for texts of these labels, with defaults for the rest. */
    public static Builder classification(String... labels) {
        return new Builder(new Classification(), List.of(labels));
    }

    /** A template for a task, with defaults for the rest, and without labels so far. */
    public static Builder of(Task<?> task) {
        return new Builder(task, List.of());
    }

    /** How token vectors become the one that the head reads. */
    public Pooling pooling() {
        return head.pooling();
    }

    /** Whether the budget that an adapter ends at can be moved while it learns. */
    public boolean movesBudget() {
        return method.allocates() && schedule.takesTarget();
    }

    /** The same template, to be changed. */
    public Builder toBuilder() {
        return new Builder(head.task(), labels)
                .head(head.form())
                .pooling(head.pooling())
                .method(method)
                .targetModules(targetModules)
                .initRank(initRank)
                .alpha(alpha)
                .dropout(dropout)
                .schedule(schedule)
                .sensitivityDecay(sensitivityDecay)
                .uncertaintyDecay(uncertaintyDecay)
                .orthogonality(orthogonality)
                .optimizer(optimizer)
                .mixture(mixture)
                .drift(drift)
                .probes(probes)
                .replay(replay)
                .examplesPerPass(examplesPerPass)
                .seed(seed);
    }

    /** A template in the making; each setting is what {@link TrainingTemplate} says of it. */
    public static final class Builder {

        private Task<?> task;
        private List<String> labels;
        private HeadForm form = HeadForm.LINEAR;

        /** Null for what the head's form reads unless something else is said. */
        private Pooling pooling;

        private Method method = Method.ADALORA;
        private List<String> targetModules = List.of(TargetModule.EVERY);
        private int initRank = 12;
        private double alpha = 32;
        private double dropout = 0;

        /** Null for the default one. */
        private BudgetSchedule schedule;

        private double sensitivityDecay = .85;
        private double uncertaintyDecay = .85;
        private OrthogonalityPenalty orthogonality =
                new OrthogonalityPenalty(.1, OrthogonalityPenalty.Form.MEAN_NORM);
        private OptimizerSettings optimizer =
                new OptimizerSettings(
                        2e-3,
                        3e-2,
                        .9,
                        .999,
                        1e-8,
                        .01,
                        1,
                        new LearningRateSchedule(Counted.EXAMPLES, 32, 0));
        private boolean mixture = true;
        private DriftSettings drift = DriftSettings.DEFAULTS;
        private ProbeSettings probes = ProbeSettings.DEFAULTS;
        private ReplaySettings replay = ReplaySettings.DEFAULTS;
        private int examplesPerPass = 0;
        private long seed = 42;

        private Builder(Task<?> task, List<String> labels) {
            this.task = task;
            this.labels = labels;
        }

        /**
         * Settings of the task.
         *
         * @throws IllegalArgumentException if the task has no such setting, or it cannot be
         */
        public Builder settings(Map<String, Double> settings) {
            if (!task.settings().keySet().containsAll(settings.keySet())) {
                throw new IllegalArgumentException(
                        "%s is given, but a %s has no such setting: leave it out"
                                .formatted(String.join(", ", settings.keySet()), task.id()));
            }
            task = task.with(settings);
            return this;
        }

        public Builder labels(List<String> labels) {
            this.labels = labels;
            return this;
        }

        /**
         * The head's layers; of a text, {@link HeadForm#OWN} reads {@link Pooling#CLS}, or {@link
         * Pooling#MEAN} where the base model's does.
         */
        public Builder head(HeadForm form) {
            this.form = form;
            return this;
        }

        public Builder pooling(Pooling pooling) {
            this.pooling = pooling;
            return this;
        }

        /** The pooling that task and head have where none is chosen. */
        public Builder usualPooling() {
            this.pooling = null;
            return this;
        }

        public Builder method(Method method) {
            this.method = method;
            return this;
        }

        public Builder targetModules(List<String> targetModules) {
            this.targetModules = targetModules;
            return this;
        }

        public Builder initRank(int initRank) {
            this.initRank = initRank;
            return this;
        }

        public Builder alpha(double alpha) {
            this.alpha = alpha;
            return this;
        }

        public Builder dropout(double dropout) {
            this.dropout = dropout;
            return this;
        }

        public Builder schedule(BudgetSchedule schedule) {
            this.schedule = schedule;
            return this;
        }

        public Builder sensitivityDecay(double sensitivityDecay) {
            this.sensitivityDecay = sensitivityDecay;
            return this;
        }

        public Builder uncertaintyDecay(double uncertaintyDecay) {
            this.uncertaintyDecay = uncertaintyDecay;
            return this;
        }

        public Builder orthogonality(OrthogonalityPenalty orthogonality) {
            this.orthogonality = orthogonality;
            return this;
        }

        public Builder optimizer(OptimizerSettings optimizer) {
            this.optimizer = optimizer;
            return this;
        }

        public Builder mixture(boolean mixture) {
            this.mixture = mixture;
            return this;
        }

        public Builder drift(DriftSettings drift) {
            this.drift = drift;
            return this;
        }

        public Builder probes(ProbeSettings probes) {
            this.probes = probes;
            return this;
        }

        public Builder replay(ReplaySettings replay) {
            this.replay = replay;
            return this;
        }

        public Builder examplesPerPass(int examplesPerPass) {
            this.examplesPerPass = examplesPerPass;
            return this;
        }

        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * The template. Without a schedule of its own it has the default one, whose target is at
         * most the initial rank.
         *
         * @throws IllegalArgumentException if the schedule ends at more than the initial rank, the
         *     pooling is not that of the head, or a task without labels has some
         */
        public TrainingTemplate build() {
            if (!task.hasLabels() && !labels.isEmpty()) {
                throw new IllegalArgumentException(
                        "the labels are %s, but a %s has none".formatted(labels, task.id()));
            }
            if (!task.keepsExamples() && (probes.share() > 0 || replay.share() > 0)) {
                throw new IllegalArgumentException(
                        "examples are kept, as probes or to be learned from again, but those of a %s cannot be: leave it out"
                                .formatted(task.id()));
            }
            requirePooling();
            Pooling usual = Pooling.usual(task.reading(), form);
            BudgetSchedule chosen =
                    schedule == null ? DEFAULT_SCHEDULE.withTargetOfAtMost(initRank) : schedule;
            if (!chosen.fits(initRank)) {
                throw new IllegalArgumentException(
                        "the budget ends at more than the initial rank of a module, which is %d: raise that or lower the schedule's target"
                                .formatted(initRank));
            }
            return new TrainingTemplate(
                    new HeadKind(task, form, pooling == null ? usual : pooling),
                    labels,
                    method,
                    targetModules,
                    initRank,
                    alpha,
                    dropout,
                    chosen,
                    sensitivityDecay,
                    uncertaintyDecay,
                    orthogonality,
                    optimizer,
                    mixture,
                    drift,
                    probes,
                    replay,
                    examplesPerPass,
                    seed);
        }

        private void requirePooling() {
            if (pooling == null || pooling.fits(task.reading(), form)) {
                return;
            }
            String reader;
            if (task.reading() != Reading.WHOLE) {
                reader = "the head of a %s reads every token: leave it out or take NONE";
            } else if (form == HeadForm.OWN) {
                reader =
                        "the head OWN reads the first token's vector or, in some models, the mean: leave it out or take CLS or MEAN";
            } else {
                reader = "the head of a %s reads one vector: take another";
            }
            throw new IllegalArgumentException(
                    "the pooling is %s, but %s".formatted(pooling, reader.formatted(task.id())));
        }
    }

    /**
     * The state with its labels and its task's settings as this template wants them: labels that
     * the configuration has gained since the adapter last saw it are in use, those that it has lost
     * are retired. It is {@code state} itself if nothing has changed.
     *
     * @throws AdapterMismatchException if fewer than two labels would be in use, or it learns
     *     another task
     */
    public AdapterState relabeled(AdapterState state) {
        if (!head.task().isSameBesideSettings(state.head().task())) {
            throw new AdapterMismatchException(
                    state.meta().adapterId(),
                    List.of(FixedSettings.ofTasks(state.head().task(), head.task())));
        }
        LabelSet known = state.head().labels();
        LabelSet next = relabeled(known, state.meta());
        return (next.equals(known) ? state : state.withLabels(next)).by(head.task());
    }

    /**
     * As {@link #relabeled(AdapterState)}, where no more is known of the adapter.
     *
     * @param known its labels
     * @param meta its progress
     */
    public LabelSet relabeled(LabelSet known, AdapterMeta meta) {
        if (known.configured().equals(labels)) {
            return known;
        }
        Optional<String> obstacle = labelObstacle(known);
        if (obstacle.isPresent()) {
            throw new AdapterMismatchException(meta.adapterId(), List.of(obstacle.get()));
        }
        return known.under(labels, meta.step());
    }

    /**
     * Why an adapter cannot have its labels as this template wants them, as the end of "it has";
     * empty if it can.
     *
     * @param known its labels
     */
    public Optional<String> labelObstacle(LabelSet known) {
        if (!head.task().hasLabels()) {
            return Optional.empty();
        }
        List<String> left = known.under(labels, 0).active();
        Optional<String> flaw =
                left.size() < LabelSet.FEWEST
                        ? Optional.of("fewer than two")
                        : head.task().flaw(left).map(found -> "%s: %s".formatted(left, found));
        return flaw.map(
                found ->
                        "labels %s in use and %s retired by commands, of which the configuration %s would leave %s"
                                .formatted(known.active(), known.retired(), labels, found));
    }
}
