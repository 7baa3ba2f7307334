package io.rankstream.adapters.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.engine.TestDevice;
import io.rankstream.adapters.model.bert.PoisonedBert;
import io.rankstream.adapters.replay.KeptExample;
import io.rankstream.adapters.replay.ReplaySettings;
import io.rankstream.adapters.replay.ReplayState;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.regression.Regression;
import io.rankstream.adapters.tokens.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an adapter does otherwise that learns from kept examples again. */
class ReplayedAdapterTest {

    private static final int BATCH = 4;
    private static final TrainingTemplate PLAIN = TinyLearner.plain();
    private static final TrainingTemplate REPLAYING = replaying(PLAIN, .75);

    private static Learner learner;

    @BeforeAll
    static void open(@TempDir Path directory) throws IOException {
        learner = Learner.open(PoisonedBert.writeTo(directory), 1, TestDevice.get());
    }

    @AfterAll
    static void close() {
        learner.close();
    }

    private static TrainingTemplate replaying(TrainingTemplate template, double share) {
        return template.toBuilder()
                .replay(new ReplaySettings(share, ReplaySettings.FEWEST_BYTES))
                .build();
    }

    /** Examples that the model can read. */
    private static List<TrainingExample> readable(long seed, int count) {
        return TinyLearner.examples(seed, count).stream()
                .map(
                        example ->
                                TinyLearner.example(
                                        Arrays.stream(example.tokenIds())
                                                .map(id -> id == PoisonedBert.POISON ? id - 1 : id)
                                                .toArray(),
                                        TinyLearner.label(example.target())))
                .toList();
    }

    /** The same, with numbers where the task has no labels. */
    private static List<TrainingExample> examples(TrainingTemplate template, long step) {
        List<TrainingExample> labelled = readable(step, BATCH);
        return template.head().task().hasLabels()
                ? labelled
                : labelled.stream()
                        .map(
                                example ->
                                        new TrainingExample(
                                                example.tokens(),
                                                new Target.Numeric(
                                                        3.5 * TinyLearner.label(example.target()))))
                        .toList();
    }

    private static AdapterState after(AdapterState from, TrainingTemplate template, int to) {
        try (ResidentAdapter adapter = learner.admit(from, template)) {
            for (long step = from.meta().step(); step < to; step++) {
                adapter.train(examples(template, step));
            }
            return adapter.capture();
        }
    }

    static Stream<Arguments> templates() {
        return Stream.of(
                        Named.of("mixture", REPLAYING),
                        Named.of("head alone", TinyLearner.unmixed(REPLAYING)),
                        Named.of("dropout", REPLAYING.toBuilder().dropout(.3).build()),
                        Named.of("passes", REPLAYING.toBuilder().examplesPerPass(3).build()),
                        Named.of(
                                "regression",
                                TrainingTemplate.of(new Regression())
                                        .initRank(4)
                                        .replay(REPLAYING.replay())
                                        .build()))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("templates")
    void goesOnBitForBitFromWhereItWasCaptured(TrainingTemplate template) {
        AdapterState whole = after(learner.create("a", template), template, 9);
        AdapterState part = after(learner.create("a", template), template, 4);

        assertThat(after(part, template, 9)).isEqualTo(whole);
        assertThat(whole.host().replay().orElseThrow().examples()).hasSize(9 * BATCH);
    }

    @ParameterizedTest
    @MethodSource("templates")
    void learnsSomethingElseThanWithoutKeptExamplesAndIsTestedOnTheSame(TrainingTemplate template) {
        TrainingTemplate without = replaying(template, 0);
        AdapterState replayed = after(learner.create("a", template), template, 6);
        AdapterState plain = after(learner.create("a", without), without, 6);

        assertThat(replayed.head()).isNotEqualTo(plain.head());
        assertThat(replayed.meta().step()).isEqualTo(plain.meta().step());
        assertThat(replayed.meta().score().examples()).isEqualTo(6 * BATCH);
        assertThat(replayed.host().drift().orElseThrow().examples()).isEqualTo(6 * BATCH);
        assertThat(plain.host().replay()).isEmpty();
    }

    @Test
    void tellsHowMuchItLearnedAgainBesideWhatIsNew() {
        try (ResidentAdapter adapter = learner.admit(learner.create("a", REPLAYING), REPLAYING)) {
            List<Integer> replayed = new ArrayList<>();
            for (long step = 0; step < 4; step++) {
                List<TrainingExample> batch = readable(step, BATCH);
                StepOutcome outcome = adapter.train(batch);
                StepReport report = outcome.report().orElseThrow();

                assertThat(outcome.trained()).containsExactly(0, 1, 2, 3);
                assertThat(outcome.predictions()).hasSize(BATCH);
                assertThat(report.examples()).isEqualTo(BATCH);
                assertThat(report.tokens())
                        .isEqualTo(batch.stream().mapToInt(e -> e.tokenIds().length).sum());
                replayed.add(report.replayed().examples());
            }
            assertThat(replayed).containsExactly(0, 3, 3, 3);
        }
    }

    /** Words are learned once, so they are what they would be without kept examples. */
    @Test
    void wordsDoNotCountTwice() {
        AdapterState replayed = after(learner.create("a", REPLAYING), REPLAYING, 6);
        AdapterState plain = after(learner.create("a", PLAIN), PLAIN, 6);

        assertThat(replayed.host().mixture().orElseThrow().words())
                .isEqualTo(plain.host().mixture().orElseThrow().words());
    }

    @Test
    void aKeptExampleWhoseLossIsNotFiniteLeavesAndTheStepGoesOnWithoutIt() {
        AdapterState three = after(learner.create("a", REPLAYING), REPLAYING, 3);
        AdapterState poisoned =
                three.with(three.host().with(poisoned(three.host().replay().orElseThrow())));
        List<TrainingExample> batch = readable(3, BATCH);
        try (ResidentAdapter adapter = learner.admit(poisoned, REPLAYING)) {
            StepOutcome outcome = adapter.train(batch);

            assertThat(outcome.refusals()).isEmpty();
            assertThat(outcome.trained()).containsExactly(0, 1, 2, 3);
            assertThat(outcome.report().orElseThrow().replayed().examples()).isZero();
            assertThat(adapter.capture().host().replay().orElseThrow().examples())
                    .extracting(KeptExample::number)
                    .containsExactly(13L, 14L, 15L, 16L);
        }
    }

    /** The same examples, none of which the model can read. */
    private static ReplayState poisoned(ReplayState replay) {
        Tokens poison = new Tokens(new int[] {2, PoisonedBert.POISON, 3}, false);
        return new ReplayState(
                replay.examples().stream()
                        .map(kept -> new KeptExample(kept.number(), kept.row(), 0, poison))
                        .toList(),
                replay.bars(),
                replay.position(),
                replay.meanings());
    }

    @Test
    void aNewExampleThatIsRefusedLeavesNoTraceAmongThoseThatAreKept() {
        AdapterState three = after(learner.create("a", REPLAYING), REPLAYING, 3);
        List<TrainingExample> good = readable(3, BATCH);
        List<TrainingExample> mixed = new ArrayList<>(good);
        mixed.add(2, TinyLearner.example(new int[] {2, PoisonedBert.POISON, 3}, 0));
        try (ResidentAdapter expected = learner.admit(three, REPLAYING);
                ResidentAdapter found = learner.admit(three, REPLAYING)) {
            expected.train(good);
            StepOutcome outcome = found.train(mixed);

            assertThat(outcome.refusals())
                    .extracting(StepOutcome.Refusal::index)
                    .containsExactly(2);
            assertThat(found.capture()).isEqualTo(expected.capture());
        }
    }

    /** Learning from it again would end the process. */
    @ParameterizedTest
    @CsvSource({"1, 1000000", "1000, 5"})
    void aStateIsRefusedWhoseExamplesTheBaseModelCannotRead(int tokens, int id) {
        AdapterState state = after(learner.create("a", REPLAYING), REPLAYING, 1);
        ReplayState replay = state.host().replay().orElseThrow();
        int[] ids = new int[tokens];
        Arrays.fill(ids, id);
        ReplayState damaged =
                new ReplayState(
                        List.of(new KeptExample(1, 0, 0, new Tokens(ids, false))),
                        replay.bars(),
                        replay.position(),
                        replay.meanings());

        assertThat(learner.differences(state, REPLAYING)).isEmpty();
        assertThat(learner.differences(state.with(state.host().with(damaged)), REPLAYING))
                .anyMatch(difference -> difference.contains("a kept text that the base model"));
    }

    @Test
    void nothingOfARetiredLabelIsLearnedAgain() {
        AdapterState six = after(learner.create("a", REPLAYING), REPLAYING, 6);
        AdapterState without =
                six.withLabels(six.head().labels().without(List.of(TinyLearner.LABELS.get(1))));
        List<TrainingExample> batch =
                readable(7, 12).stream()
                        .filter(example -> TinyLearner.label(example.target()) != 1)
                        .toList();
        try (ResidentAdapter adapter = learner.admit(without, REPLAYING)) {
            StepOutcome outcome = adapter.train(batch);

            assertThat(outcome.report().orElseThrow().replayed().examples()).isPositive();
            assertThat(adapter.capture().host().replay().orElseThrow().examples())
                    .extracting(KeptExample::row)
                    .contains(1);
        }
    }
}
