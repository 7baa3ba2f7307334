package io.rankstream.adapters.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.drift.DriftMode;
import io.rankstream.adapters.drift.DriftSettings;
import io.rankstream.adapters.drift.detector.DetectorKind;
import io.rankstream.adapters.drift.input.InputState;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An adapter whose inputs are watched learns and says what it would without. */
class WatchedInputsTest {

    private static final int BATCH = 8;
    private static final int STEPS = 9;
    private static final DriftSettings WATCHED =
            new DriftSettings(DriftMode.ANSWER, DetectorKind.CUSUM, 10_000, true);

    private static Learner learner;

    @BeforeAll
    static void open(@TempDir Path directory) throws IOException {
        learner = TinyLearner.open(directory);
    }

    @AfterAll
    static void close() {
        learner.close();
    }

    /** Of one whose head speaks alone, too. */
    static Stream<TrainingTemplate> templates() {
        return Stream.of(TinyLearner.plain(), TinyLearner.unmixed(TinyLearner.plain()));
    }

    private static TrainingTemplate watched(TrainingTemplate template) {
        return template.toBuilder().drift(WATCHED).build();
    }

    private static AdapterState after(AdapterState from, TrainingTemplate template, int to) {
        try (ResidentAdapter adapter = learner.admit(from, template)) {
            for (long step = from.meta().step(); step < to; step++) {
                adapter.train(TinyLearner.examples(step, BATCH));
            }
            return adapter.capture();
        }
    }

    private static AdapterState fresh(TrainingTemplate template) {
        return learner.create("a", template);
    }

    private static InputState inputs(AdapterState state) {
        return state.host().drift().orElseThrow().inputs().orElseThrow();
    }

    private static TextBatch texts(ResidentAdapter adapter, long seed) {
        return new TextBatch(
                adapter,
                TinyLearner.examples(seed, 5).stream().map(TrainingExample::tokens).toList());
    }

    @ParameterizedTest
    @MethodSource("templates")
    void itLearnsTheSameBitForBit(TrainingTemplate template) {
        AdapterState without = after(fresh(template), template, STEPS);

        AdapterState with = after(fresh(watched(template)), watched(template), STEPS);

        assertThat(inputs(with).inputs()).isEqualTo((long) STEPS * BATCH);
        assertThat(with.watched(template.drift())).isEqualTo(without);
    }

    @ParameterizedTest
    @MethodSource("templates")
    void itGoesOnBitForBitFromWhereItWasCaptured(TrainingTemplate template) {
        TrainingTemplate watched = watched(template);
        AdapterState whole = after(fresh(watched), watched, STEPS);
        AdapterState part = after(fresh(watched), watched, 4);

        assertThat(after(part, watched, STEPS)).isEqualTo(whole);
    }

    @ParameterizedTest
    @MethodSource("templates")
    void textsThatItPredictsCountForTheWatchAlone(TrainingTemplate template) {
        AdapterState without = after(fresh(template), template, STEPS);

        try (ResidentAdapter adapter = learner.admit(fresh(watched(template)), watched(template))) {
            for (long step = 0; step < STEPS; step++) {
                adapter.train(TinyLearner.examples(step, BATCH));
                float[][] said = learner.logits(List.of(texts(adapter, step))).get(0);
                AdapterState before = adapter.capture();

                Predicted predicted = learner.predict(List.of(texts(adapter, step))).get(0);

                assertThat(predicted.logits()).isDeepEqualTo(said);
                assertThat(inputs(adapter.capture()).inputs())
                        .isEqualTo(inputs(before).inputs() + 5);
            }
            assertThat(inputs(adapter.capture()).inputs()).isEqualTo(STEPS * (BATCH + 5L));
            assertThat(adapter.capture().watched(template.drift())).isEqualTo(without);
        }
    }

    @ParameterizedTest
    @MethodSource("templates")
    void whereInputsAreNotWatchedNothingChangesByAPrediction(TrainingTemplate template) {
        try (ResidentAdapter adapter = learner.admit(fresh(template), template)) {
            adapter.train(TinyLearner.examples(0, BATCH));
            AdapterState before = adapter.capture();

            assertThat(learner.predict(List.of(texts(adapter, 1))).get(0).alarms()).isEmpty();

            assertThat(adapter.watchesInputs()).isFalse();
            assertThat(adapter.capture()).isEqualTo(before);
        }
    }
}
