package io.rankstream.adapters.training;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.rankstream.adapters.probe.Forgetting;
import io.rankstream.adapters.probe.Probe;
import io.rankstream.adapters.probe.ProbePeriod;
import io.rankstream.adapters.probe.ProbeSettings;
import io.rankstream.adapters.probe.ProbeState;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.tokens.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an adapter does that keeps some examples as probes. */
class ProbedAdapterTest {

    private static final int BATCH = 8;
    private static final TrainingTemplate PROBED = probed(.25);

    private static Learner learner;

    @BeforeAll
    static void open(@TempDir Path directory) throws IOException {
        learner = TinyLearner.open(directory);
    }

    @AfterAll
    static void close() {
        learner.close();
    }

    private static TrainingTemplate probed(double share) {
        return TinyLearner.plain().toBuilder().probes(new ProbeSettings(share, 100)).build();
    }

    /** Steps over batches with these numbers. */
    private static AdapterState after(
            AdapterState from, int first, int end, List<StepOutcome> outcomes) {
        try (ResidentAdapter adapter = learner.admit(from, PROBED)) {
            for (int batch = first; batch < end; batch++) {
                outcomes.add(adapter.train(TinyLearner.examples(batch, BATCH)));
            }
            return adapter.capture();
        }
    }

    @Test
    void anExampleIsLearnedOrWithheldAndHasAPredictionEitherWay() {
        List<StepOutcome> outcomes = new ArrayList<>();

        AdapterState state = after(learner.create("a", PROBED), 0, 40, outcomes);

        int withheld = 0;
        for (StepOutcome outcome : outcomes) {
            withheld += outcome.withheld().size();
            assertThat(outcome.trained().size() + outcome.withheld().size()).isEqualTo(BATCH);
            assertThat(outcome.withheld())
                    .extracting(StepOutcome.Withheld::index)
                    .noneMatch(outcome.trained()::contains);
        }
        assertThat(withheld).isBetween(40, 120);
        assertThat(state.meta().score().examples()).isEqualTo(40L * BATCH - withheld);
        assertThat(state.host().probes().orElseThrow().withheld()).isEqualTo(withheld);
    }

    @Test
    void learnsAsIfWithheldExamplesHadNeverCome() {
        List<StepOutcome> outcomes = new ArrayList<>();
        AdapterState probed = after(learner.create("a", PROBED), 0, 20, outcomes);
        TrainingTemplate plain = TinyLearner.plain();
        AdapterState without;
        try (ResidentAdapter adapter = learner.admit(learner.create("a", plain), plain)) {
            for (int batch = 0; batch < 20; batch++) {
                List<TrainingExample> examples = TinyLearner.examples(batch, BATCH);
                adapter.train(outcomes.get(batch).trained().stream().map(examples::get).toList());
            }
            without = adapter.capture();
        }

        assertThat(probed.watched(plain.drift()).probed(plain.probes())).isEqualTo(without);
    }

    @Test
    void tellsAfterEachPeriodHowManyProbesItAnswersRight() {
        List<StepOutcome> outcomes = new ArrayList<>();

        after(learner.create("a", PROBED), 0, 60, outcomes);

        List<Forgetting> told =
                outcomes.stream().flatMap(outcome -> outcome.forgetting().stream()).toList();
        assertThat(told).hasSize(4);
        assertThat(told.get(3).all().now()).isBetween(.3, 1.);
        assertThat(told.get(3).periods().get(told.get(3).periods().size() - 1))
                .satisfies(
                        newest ->
                                assertThat(newest.retained().then())
                                        .isEqualTo(newest.retained().now()));
        assertThat(told.get(3).labels())
                .extracting(Forgetting.OfLabel::label)
                .containsExactly("high", "low", "middle");
    }

    @Test
    void forgetsWhatLabelsMeantBeforeTheyExchangedTheirMeaning() {
        List<Forgetting> told = new ArrayList<>();
        try (ResidentAdapter adapter = learner.admit(learner.create("a", PROBED), PROBED)) {
            for (int batch = 0; batch < 150; batch++) {
                boolean changed = batch >= 75;
                List<TrainingExample> examples =
                        TinyLearner.examples(batch, BATCH).stream()
                                .map(example -> changed ? turned(example) : example)
                                .toList();
                adapter.train(examples).forgetting().ifPresent(told::add);
            }
        }

        Forgetting.OfPeriod first = told.get(told.size() - 1).periods().get(0);
        assertThat(first.retained().now()).isLessThan(first.retained().then() - .2);
    }

    /** Labels are the same whatever their normal form, and may be spelled anew. */
    @ParameterizedTest
    @ValueSource(strings = {"m\u00fcde", "mu\u0308de"})
    void aLabelThatIsSpelledOtherwiseIsNotForgotten(String spelling) {
        List<String> labels = List.of("low", "high", "m\u00fcde");
        TrainingTemplate before = TinyLearner.withLabels(PROBED, labels);
        TrainingTemplate after = TinyLearner.withLabels(PROBED, List.of("low", "high", spelling));
        List<Forgetting> told = new ArrayList<>();
        AdapterState learned;
        try (ResidentAdapter adapter = learner.admit(learner.create("a", before), before)) {
            for (int batch = 0; batch < 60; batch++) {
                adapter.train(renamed(batch, labels)).forgetting().ifPresent(told::add);
            }
            learned = adapter.capture();
        }

        try (ResidentAdapter adapter = learner.admit(after.relabeled(learned), after)) {
            for (int batch = 60; batch < 80; batch++) {
                adapter.train(renamed(batch, labels)).forgetting().ifPresent(told::add);
            }
        }

        assertThat(told.get(told.size() - 1).labels())
                .filteredOn(label -> label.label().startsWith("m"))
                .singleElement()
                .satisfies(label -> assertThat(label.label()).isEqualTo(spelling))
                .satisfies(label -> assertThat(label.retained().now()).isGreaterThan(.3));
    }

    private static List<TrainingExample> renamed(int batch, List<String> labels) {
        return TinyLearner.examples(batch, BATCH).stream()
                .map(
                        example ->
                                new TrainingExample(
                                        example.tokens(),
                                        new Target.Label(
                                                labels.get(TinyLearner.label(example.target())))))
                .toList();
    }

    private static TrainingExample turned(TrainingExample example) {
        int next = (TinyLearner.label(example.target()) + 1) % TinyLearner.LABELS.size();
        return new TrainingExample(
                example.tokens(), new Target.Label(TinyLearner.LABELS.get(next)));
    }

    @Test
    void goesOnBitForBitFromASnapshot() throws IOException {
        AdapterState whole = after(learner.create("a", PROBED), 0, 40, new ArrayList<>());

        AdapterState part = after(learner.create("a", PROBED), 0, 17, new ArrayList<>());
        AdapterState read = AdapterSnapshot.parse(AdapterSnapshot.of(part), "memory");

        assertThat(read).isEqualTo(part);
        assertThat(after(read, 17, 40, new ArrayList<>())).isEqualTo(whole);
    }

    /** What its first question would end the process with. */
    @ParameterizedTest
    @CsvSource({"1, 1000000, 1", "1000, 5, 1000"})
    void aStateIsRefusedWhoseProbesTheBaseModelCannotRead(int tokens, int id, int second) {
        int[] ids = new int[tokens];
        Arrays.fill(ids, id);
        Probe probe =
                new Probe(
                        1,
                        new Tokens(ids, second, false),
                        new Target.Label("low"),
                        Optional.empty());
        AdapterState state = learner.create("a", PROBED);
        AdapterState damaged =
                state.with(
                        state.host()
                                .with(
                                        new ProbeState(
                                                1,
                                                List.of(new ProbePeriod(1, 1, List.of(probe))))));

        assertThat(learner.differences(state, PROBED)).isEmpty();
        assertThat(learner.differences(damaged, PROBED))
                .singleElement(as(STRING))
                .contains("a kept text that the base model");
    }

    @Test
    void takesNoStepWhereAllExamplesAreWithheld() {
        List<StepOutcome> outcomes = new ArrayList<>();
        TrainingExample probe;
        try (ResidentAdapter adapter = learner.admit(learner.create("a", PROBED), PROBED)) {
            int batch = 0;
            do {
                outcomes.add(adapter.train(TinyLearner.examples(batch, 1)));
                probe = TinyLearner.examples(batch++, 1).get(0);
            } while (outcomes.get(batch - 1).withheld().isEmpty());
            AdapterState before = adapter.capture();

            StepOutcome again = adapter.train(List.of(probe));

            assertThat(again.report()).isEmpty();
            assertThat(again.withheld()).hasSize(1);
            assertThat(adapter.capture().meta()).isEqualTo(before.meta());
            assertThat(adapter.capture().triplets()).isEqualTo(before.triplets());
        }
    }

    @Test
    void aBundleWithholdsForEachAdapterWhatItWouldAlone() {
        List<StepOutcome> alone = new ArrayList<>();
        after(learner.create("a", PROBED), 0, 1, alone);
        try (ResidentAdapter one = learner.admit(learner.create("a", PROBED), PROBED);
                ResidentAdapter other =
                        learner.admit(
                                learner.create("b", TinyLearner.plain()), TinyLearner.plain())) {

            List<StepOutcome> bundled =
                    learner.train(
                            List.of(
                                    new AdapterBatch(one, TinyLearner.examples(0, BATCH)),
                                    new AdapterBatch(other, TinyLearner.examples(0, BATCH))));

            assertThat(bundled.get(0).trained()).isEqualTo(alone.get(0).trained());
            assertThat(bundled.get(1).withheld()).isEmpty();
        }
    }
}
