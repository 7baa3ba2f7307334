package io.rankstream.adapters.training;

import io.rankstream.adapters.adalora.BudgetSchedule;
import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.engine.TestDevice;
import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.method.OrthogonalityPenalty;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.TinyBert;
import io.rankstream.adapters.settings.LearningRateSchedule;
import io.rankstream.adapters.settings.OptimizerSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.tokens.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A learner over a tiny BERT, settings for it, and examples that it can learn. */
final class TinyLearner {

    static final List<String> LABELS = List.of("low", "high", "middle");

    private static final BudgetSchedule WARM_UP_ONLY = new StreamingBudgetSchedule(1000, 0, 1, 2);
    private static final OrthogonalityPenalty NO_PENALTY =
            new OrthogonalityPenalty(0, OrthogonalityPenalty.Form.MEAN_NORM);
    private static final int FIRST_WORD = 4;
    private static final int WORDS = 60;

    private TinyLearner() {}

    static Learner open(Path directory) throws IOException {
        ModelSource model = TinyBert.small().writeTo(directory);
        return Learner.open(model, 1, TestDevice.get());
    }

    /** Settings without regulariser, clipping, weight decay or warm-up of the learning rate. */
    static TrainingTemplate plain() {
        return penalized(NO_PENALTY);
    }

    static TrainingTemplate template(BudgetSchedule schedule, double gamma, double dropout) {
        OrthogonalityPenalty penalty =
                new OrthogonalityPenalty(gamma, OrthogonalityPenalty.Form.MEAN_NORM);
        return template(dropout, schedule, penalty, 0);
    }

    /** Plain settings with another regulariser. */
    static TrainingTemplate penalized(OrthogonalityPenalty penalty) {
        return template(0, WARM_UP_ONLY, penalty, 0);
    }

    /** Plain settings with clipping. */
    static TrainingTemplate clipped(double maxGradientNorm) {
        return template(0, WARM_UP_ONLY, NO_PENALTY, maxGradientNorm);
    }

    /** {@code template} for adapters whose head speaks alone. */
    static TrainingTemplate unmixed(TrainingTemplate template) {
        return template.toBuilder().mixture(false).build();
    }

    /** {@code template} with other labels. */
    static TrainingTemplate withLabels(TrainingTemplate template, List<String> labels) {
        return with(
                template,
                labels,
                template.method(),
                template.targetModules(),
                template.initRank(),
                template.examplesPerPass());
    }

    /** {@code template} with another method, other targets and passes. */
    static TrainingTemplate with(
            TrainingTemplate template, Method method, List<String> targets, int examplesPerPass) {
        return with(
                template, template.labels(), method, targets, template.initRank(), examplesPerPass);
    }

    /** {@code template} for a head alone, of another initial rank. */
    static TrainingTemplate headOfRank(TrainingTemplate template, int initRank) {
        return with(
                template,
                template.labels(),
                Method.HEAD,
                template.targetModules(),
                initRank,
                template.examplesPerPass());
    }

    private static TrainingTemplate with(
            TrainingTemplate template,
            List<String> labels,
            Method method,
            List<String> targets,
            int initRank,
            int examplesPerPass) {
        return template.toBuilder()
                .labels(labels)
                .method(method)
                .targetModules(targets)
                .initRank(initRank)
                .examplesPerPass(examplesPerPass)
                .build();
    }

    private static TrainingTemplate template(
            double dropout,
            BudgetSchedule schedule,
            OrthogonalityPenalty penalty,
            double maxGradientNorm) {
        return TrainingTemplate.classification()
                .labels(LABELS)
                .initRank(4)
                .alpha(8)
                .dropout(dropout)
                .schedule(schedule)
                .orthogonality(penalty)
                .optimizer(
                        new OptimizerSettings(
                                1e-2,
                                1e-2,
                                .9,
                                .999,
                                1e-8,
                                0,
                                maxGradientNorm,
                                new LearningRateSchedule(0, 0)))
                .seed(11)
                .build();
    }

    /** A text of one of {@link #LABELS}. */
    static TrainingExample example(int[] tokenIds, int label) {
        int[] words = Arrays.stream(tokenIds).sorted().toArray();
        return new TrainingExample(
                new Tokens(tokenIds, false).withWords(words), new Target.Label(LABELS.get(label)));
    }

    /** Which of {@link #LABELS} a target is. */
    static int label(Target target) {
        return LABELS.indexOf(target.shown());
    }

    /**
     * Texts of random length; half of their words come from a third of the words, their label's.
     */
    static List<TrainingExample> examples(long seed, int count) {
        Random random = new Random(seed);
        int share = WORDS / LABELS.size();
        List<TrainingExample> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int label = random.nextInt(LABELS.size());
            int[] ids = new int[3 + random.nextInt(9)];
            for (int j = 0; j < ids.length; j++) {
                ids[j] =
                        FIRST_WORD
                                + (j % 2 == 0
                                        ? label * share + random.nextInt(share)
                                        : random.nextInt(WORDS));
            }
            examples.add(example(ids, label));
        }
        return examples;
    }
}
