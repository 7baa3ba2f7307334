package io.rankstream.adapters.training;

import io.rankstream.adapters.adalora.BudgetSchedule;
import io.rankstream.adapters.adalora.OrthogonalityPenalty;
import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.TinyBert;
import io.rankstream.adapters.task.Pooling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A learner over a tiny BERT, settings for it, and examples that it can learn. */
final class TinyLearner {

    static final List<String> LABELS = List.of("low", "high", "middle");

    private static final int FIRST_WORD = 4;
    private static final int WORDS = 60;

    private TinyLearner() {}

    static Learner open(Path directory) throws IOException {
        ModelSource model = TinyBert.small().writeTo(directory);
        return Learner.open(model, 1);
    }

    /** Settings without regulariser, clipping, weight decay or warm-up of the learning rate. */
    static AdapterTemplate plain() {
        return template(new StreamingBudgetSchedule(1000, 0, 1, 2), 0, 0);
    }

    static AdapterTemplate template(BudgetSchedule schedule, double gamma, double dropout) {
        return new AdapterTemplate(
                LABELS,
                Pooling.MEAN,
                4,
                8,
                dropout,
                schedule,
                .85,
                .85,
                new OrthogonalityPenalty(gamma, OrthogonalityPenalty.Form.MEAN_NORM),
                new OptimizerSettings(
                        1e-2, 1e-2, .9, .999, 1e-8, 0, 0, new LearningRateSchedule(0, 0)),
                11);
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
            examples.add(new TrainingExample(ids, label, false));
        }
        return examples;
    }
}
