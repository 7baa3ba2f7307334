package io.rankstream.adapters.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.task.classification.PrequentialScore;
import io.rankstream.adapters.tokens.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an adapter with a mixture does otherwise than one whose head speaks alone. */
class MixedAdapterTest {

    private static final int BATCH = 8;
    private static final TrainingTemplate MIXED = TinyLearner.plain();
    private static final TrainingTemplate ALONE = TinyLearner.unmixed(MIXED);

    private static Learner learner;

    @BeforeAll
    static void open(@TempDir Path directory) throws IOException {
        learner = TinyLearner.open(directory);
    }

    @AfterAll
    static void close() {
        learner.close();
    }

    private static AdapterState after(AdapterState from, TrainingTemplate template, int to) {
        try (ResidentAdapter adapter = learner.admit(from, template)) {
            for (long step = from.meta().step(); step < to; step++) {
                adapter.train(TinyLearner.examples(step, BATCH));
            }
            return adapter.capture();
        }
    }

    @Test
    void learnsTheSameTripletsAndHead() {
        AdapterState mixed = after(learner.create("a", MIXED), MIXED, 6);
        AdapterState alone = after(learner.create("a", ALONE), ALONE, 6);

        assertThat(mixed.triplets()).isEqualTo(alone.triplets());
        assertThat(mixed.head()).isEqualTo(alone.head());
        assertThat(mixed.importance()).isEqualTo(alone.importance());
    }

    @Test
    void goesOnBitForBitFromWhereItWasCaptured() {
        AdapterState whole = after(learner.create("a", MIXED), MIXED, 9);
        AdapterState part = after(learner.create("a", MIXED), MIXED, 4);

        assertThat(after(part, MIXED, 9)).isEqualTo(whole);
    }

    @Test
    void beginsToMixWhereItDidNotBeforeAndStopsWhereItIsNotToAnyMore() {
        AdapterState alone = after(learner.create("a", ALONE), ALONE, 3);

        AdapterState mixing = after(alone, MIXED, 5);

        PrequentialScore score = (PrequentialScore) mixing.meta().score();
        assertThat(score.parts().get(PrequentialScore.WORDS).examples()).isEqualTo(2L * BATCH);
        assertThat(mixing.triplets()).isEqualTo(after(alone, ALONE, 5).triplets());
        assertThat(after(mixing, ALONE, 6).host().mixture()).isEmpty();
    }

    @Test
    void isScoredByWhatAllVoicesSaidAndTellsWhatSomeOfThemSaid() {
        try (ResidentAdapter adapter = learner.admit(learner.create("a", MIXED), MIXED)) {
            List<Prediction> said = new ArrayList<>();
            StepReport last = null;
            for (long step = 0; step < 30; step++) {
                StepOutcome outcome = adapter.train(TinyLearner.examples(step, BATCH));
                said.addAll(outcome.predictions());
                last = outcome.report().orElseThrow();
            }

            double right = said.stream().filter(Prediction::isRight).count();
            assertThat(last.score().metrics().get("accuracy")).isEqualTo(right / said.size());
            assertThat(last.score().metrics())
                    .containsKeys(
                            "exportedAccuracy",
                            "recentExportedAccuracy",
                            "wordsAccuracy",
                            "recentWordsAccuracy");
        }
    }

    @Test
    void saysOfATextWhatItWouldSayBeforeItLearnsFromIt() {
        try (ResidentAdapter adapter = learner.admit(learner.create("a", MIXED), MIXED)) {
            for (long step = 0; step < 10; step++) {
                adapter.train(TinyLearner.examples(step, BATCH));
            }
            TrainingExample example = TinyLearner.examples(50, 1).get(0);
            List<Tokens> text = List.of(example.tokens());
            AdapterState before = adapter.capture();

            float[] logits = adapter.logitsOf(text)[0];
            Prediction prediction = adapter.train(List.of(example)).predictions().get(0);

            assertThat(before).isNotEqualTo(adapter.capture());
            assertThat((float) Math.exp(logits[TinyLearner.label(prediction.said())]))
                    .isCloseTo(prediction.probability(), within(1e-5f));
        }
    }
}
