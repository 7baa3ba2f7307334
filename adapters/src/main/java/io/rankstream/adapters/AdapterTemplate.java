package io.rankstream.adapters;

import static java.util.Objects.requireNonNull;

import io.rankstream.adapters.adalora.ConstantBudgetSchedule;
import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.api.Internal;
import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.replay.ReplaySettings;
import io.rankstream.adapters.settings.OptimizerSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.task.Tasks;
import io.rankstream.adapters.task.multilabel.MultiLabel;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.text.LabelName;
import java.util.List;
import java.util.Map;

/**
 * What a new adapter starts from and learns by. Everything but the task has a default, which is
 * that of {@code rankstream run}. Immutable.
 */
public final class AdapterTemplate {

    private final TrainingTemplate settings;

    private AdapterTemplate(TrainingTemplate settings) {
        this.settings = settings;
    }

    /**
     * A template for texts of these labels.
     *
     * @param labels at least two, none twice
     * @throws IllegalArgumentException if they are fewer, or one cannot be a label
     */
    public static Builder classification(String... labels) {
        return task("classification", labels);
    }

    /**
     * A template for texts that have any number of these labels.
     *
     * @param labels at least two, none twice
     * @throws IllegalArgumentException if they are fewer, or one cannot be a label
     */
    public static Builder multiLabelClassification(String... labels) {
        return task(new MultiLabel().id(), labels);
    }

    /** A template for texts and their numbers. */
    public static Builder regression() {
        return task("regression");
    }

    /**
     * A template for a task.
     *
     * @param id the task, as configurations name it
     * @param labels at least two, none twice, of a task that has labels; none of another
     * @throws IllegalArgumentException if there is no such task, or the labels are not as above
     */
    public static Builder task(String id, String... labels) {
        Task<?> task = Tasks.of(requireNonNull(id, "the task is null, expected its name"));
        List<String> names = names("labels", labels);
        if (!task.hasLabels() && !names.isEmpty()) {
            throw new IllegalArgumentException(
                    "the labels are %s, but a %s has none".formatted(names, id));
        }
        names.stream()
                .filter(name -> !LabelName.isValid(name))
                .findFirst()
                .ifPresent(
                        name -> {
                            throw new IllegalArgumentException(
                                    "%s is no label, expected %s"
                                            .formatted(Excerpt.of(name), LabelName.RULE));
                        });
        if (task.hasLabels()
                && names.stream().map(LabelSet::normal).distinct().count()
                        < Math.max(2, names.size())) {
            throw new IllegalArgumentException(
                    "the labels are %s, expected two at least, and none twice".formatted(names));
        }
        task.flaw(names)
                .ifPresent(
                        flaw -> {
                            throw new IllegalArgumentException(flaw);
                        });
        return new Builder(
                TrainingTemplate.of(task).labels(names), TrainingTemplate.DEFAULTS.optimizer());
    }

    private static List<String> names(String what, String... names) {
        requireNonNull(names, "the %s are null, expected their names".formatted(what));
        for (String name : names) {
            requireNonNull(name, "one of the %s is null, expected a name".formatted(what));
        }
        return List.of(names);
    }

    /** The same template, to be changed. */
    public Builder toBuilder() {
        return new Builder(settings.toBuilder(), settings.optimizer());
    }

    /** Everything that it says. */
    @Internal
    public TrainingTemplate settings() {
        return settings;
    }

    /**
     * A template in the making. For one thread. A setting that cannot be is refused with an {@link
     * IllegalArgumentException} by the method that sets it.
     */
    public static final class Builder {

        private final TrainingTemplate.Builder settings;
        private OptimizerSettings optimizer;

        private Builder(TrainingTemplate.Builder settings, OptimizerSettings optimizer) {
            this.settings = settings;
            this.optimizer = optimizer;
        }

        /**
         * Probability from which on a label is said, of texts that have any number of labels; 0.5
         * unless said.
         */
        public Builder threshold(double probability) {
            require(
                    probability > 0 && probability < 1,
                    "the threshold is %s, expected more than 0 and less than 1",
                    probability);
            settings.settings(Map.of(MultiLabel.THRESHOLD, probability));
            return this;
        }

        /**
         * The own head of the base model's family, such as RoBERTa's: two layers on the first
         * token, instead of one on the mean of all. For tags and answers a ModernBERT has one, on
         * every token.
         */
        public Builder ownHead() {
            settings.head(HeadForm.OWN).usualPooling();
            return this;
        }

        /**
         * The own head of a base model whose config.json says that it reads the mean: {@code
         * classifier_pooling} of a ModernBERT.
         */
        public Builder ownHeadOnMean() {
            settings.head(HeadForm.OWN).pooling(Pooling.MEAN);
            return this;
        }

        /** Triplets that every adapted layer starts with; 12 unless said. */
        public Builder initRank(int rank) {
            require(rank >= 1, "the initial rank is %d, expected at least 1", rank);
            settings.initRank(rank);
            return this;
        }

        /**
         * Triplets that a layer keeps on average in the end; 8 unless said, or the initial rank.
         */
        public Builder targetRank(int rank) {
            require(rank >= 1, "the target rank is %d, expected at least 1", rank);
            StreamingBudgetSchedule usual = TrainingTemplate.DEFAULT_SCHEDULE;
            settings.schedule(
                    new StreamingBudgetSchedule(
                            usual.counted(),
                            usual.warmup(),
                            usual.ramp(),
                            usual.maskInterval(),
                            rank));
            return this;
        }

        /** Numerator of the scale of what is added to a layer, its denominator the initial rank. */
        public Builder alpha(double alpha) {
            require(alpha > 0, "alpha is %s, expected a number above 0", alpha);
            settings.alpha(alpha);
            return this;
        }

        /** Probability that an input feature of what is added is dropped while it learns. */
        public Builder dropout(double probability) {
            require(
                    probability >= 0 && probability < 1,
                    "the dropout is %s, expected 0 or more and less than 1",
                    probability);
            settings.dropout(probability);
            return this;
        }

        /** Layers that are adapted, by the ends of their names; all linear ones unless said. */
        public Builder targetModules(String... names) {
            List<String> targets = names("target modules", names);
            require(
                    !targets.isEmpty(),
                    "there are %d target modules, expected one or more: headAlone() adapts no layer",
                    targets.size());
            settings.targetModules(targets);
            return this;
        }

        /** LoRA without a rank budget: every triplet of the initial rank stays. */
        public Builder plainLora() {
            settings.method(Method.LORA).schedule(new ConstantBudgetSchedule());
            return this;
        }

        /** Nothing is added to the layers: the head alone learns. */
        public Builder headAlone() {
            settings.method(Method.HEAD).schedule(new ConstantBudgetSchedule());
            return this;
        }

        /** Leaves out the second head and the model on words that speak beside the head. */
        public Builder withoutMixture() {
            settings.mixture(false);
            return this;
        }

        /**
         * Kept examples that are learned from again for each new one, so that it forgets less; 0
         * unless said.
         */
        public Builder replay(double share) {
            require(
                    share >= 0 && share <= ReplaySettings.LARGEST_SHARE,
                    "%s kept examples are replayed for each new one, expected 0 to 8",
                    share);
            settings.replay(new ReplaySettings(share, ReplaySettings.DEFAULTS.maxBytes()));
            return this;
        }

        /** Peak learning rate of what is added to the layers. */
        public Builder learningRate(double rate) {
            require(rate > 0, "the learning rate is %s, expected a number above 0", rate);
            return optimizer(
                    rate,
                    optimizer.headLearningRate(),
                    optimizer.weightDecay(),
                    optimizer.maxGradientNorm());
        }

        /** Peak learning rate of the head. */
        public Builder headLearningRate(double rate) {
            require(rate > 0, "the head's learning rate is %s, expected a number above 0", rate);
            return optimizer(
                    optimizer.learningRate(),
                    rate,
                    optimizer.weightDecay(),
                    optimizer.maxGradientNorm());
        }

        /** Decoupled weight decay of AdamW. */
        public Builder weightDecay(double decay) {
            require(decay >= 0, "the weight decay is %s, expected 0 or more", decay);
            return optimizer(
                    optimizer.learningRate(),
                    optimizer.headLearningRate(),
                    decay,
                    optimizer.maxGradientNorm());
        }

        /** Norm that gradients are clipped to; 0 leaves them as they are. */
        public Builder maxGradientNorm(double norm) {
            require(norm >= 0, "the gradient's norm is %s, expected 0 or more", norm);
            return optimizer(
                    optimizer.learningRate(),
                    optimizer.headLearningRate(),
                    optimizer.weightDecay(),
                    norm);
        }

        private Builder optimizer(double rate, double ofHead, double decay, double norm) {
            optimizer =
                    new OptimizerSettings(
                            rate,
                            ofHead,
                            optimizer.beta1(),
                            optimizer.beta2(),
                            optimizer.epsilon(),
                            decay,
                            norm,
                            optimizer.learningRateSchedule());
            return this;
        }

        /** Most examples that go through the model at once; 0 takes all of a step. */
        public Builder examplesPerPass(int examples) {
            require(examples >= 0, "there are %d examples in a pass, expected 0 or more", examples);
            settings.examplesPerPass(examples);
            return this;
        }

        /** Seed of all random draws; each adapter's are its own. */
        public Builder seed(long seed) {
            settings.seed(seed);
            return this;
        }

        /**
         * The template.
         *
         * @throws IllegalArgumentException if the target rank is more than the initial one
         */
        public AdapterTemplate build() {
            return new AdapterTemplate(settings.optimizer(optimizer).build());
        }

        private static void require(boolean holds, String message, Object found) {
            if (!holds) {
                throw new IllegalArgumentException(message.formatted(found));
            }
        }
    }
}
