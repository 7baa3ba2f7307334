package io.rankstream.adapters.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rankstream.adapters.AdapterTemplate;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.regression.Regression;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of any size and offset are learned alike. */
class ScaleTest {

    private static final TrainingTemplate TEMPLATE =
            TrainingTemplate.of(new Regression()).initRank(4).seed(3).build();
    private static final int TEXTS = 12;
    private static final int PASSES = 40;
    private static final int BATCH = 4;

    @TempDir private Path temp;

    private Learner learner;

    @BeforeEach
    void open() throws IOException {
        learner = TinyLearner.open(temp);
    }

    @AfterEach
    void close() {
        learner.close();
    }

    /** What a run said, and what was true, in their order. */
    private record Run(List<Double> said, List<Double> truth, AdapterState end) {

        /** Squared error over the last third, as a share of the variance of all numbers. */
        double share() {
            int third = truth.size() / 3;
            double mean = truth.stream().mapToDouble(y -> y).average().orElseThrow();
            double variance =
                    truth.stream().mapToDouble(y -> Math.pow(y - mean, 2)).average().orElseThrow();
            double error = 0;
            for (int i = truth.size() - third; i < truth.size(); i++) {
                error += Math.pow(said.get(i) - truth.get(i), 2);
            }
            return error / third / variance;
        }
    }

    private Run run(List<TrainingExample> examples, int batch) {
        return run(learner.create("number", TEMPLATE), examples, batch);
    }

    private Run run(AdapterState from, List<TrainingExample> examples, int batch) {
        return run(from, TEMPLATE, examples, batch);
    }

    private Run run(
            AdapterState from,
            TrainingTemplate template,
            List<TrainingExample> examples,
            int batch) {
        List<Double> said = new ArrayList<>();
        try (ResidentAdapter adapter = learner.admit(from, template)) {
            for (int i = 0; i < examples.size(); i += batch) {
                adapter.train(examples.subList(i, i + batch))
                        .predictions()
                        .forEach(one -> said.add(number(one.said())));
            }
            return new Run(
                    said,
                    examples.stream().map(example -> number(example.target())).toList(),
                    adapter.capture());
        }
    }

    private static double number(Target target) {
        return ((Target.Numeric) target).value();
    }

    /** Texts of three kinds, 0, 1 and 2, again and again, and the numbers that {@code of} makes. */
    private static List<TrainingExample> numbers(DoubleUnaryOperator of) {
        List<TrainingExample> texts =
                TinyLearner.examples(7, TEXTS).stream()
                        .map(
                                example ->
                                        new TrainingExample(
                                                example.tokens(),
                                                new Target.Numeric(
                                                        of.applyAsDouble(
                                                                TinyLearner.label(
                                                                        example.target())))))
                        .toList();
        return Collections.nCopies(PASSES, texts).stream().flatMap(List::stream).toList();
    }

    private record Units(double size, double offset) {}

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void numbersOfAnySizeAndOffsetAreLearnedAlike(int batch) {
        double plain = run(numbers(z -> z), batch).share();
        assertThat(plain).isLessThan(.8);

        for (Units units :
                List.of(
                        new Units(1, 3),
                        new Units(-1e-6, 2e-6),
                        new Units(1e-12, 0),
                        new Units(5, 1000),
                        new Units(5, -1000),
                        new Units(1e6, 0),
                        new Units(-1e6, 3e6),
                        new Units(1e15, -1e15))) {
            double share = run(numbers(z -> units.size() * z + units.offset()), batch).share();
            assertThat(share).as("%s", units).isCloseTo(plain, within(.05));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void numbersOfFewValuesAndWithHeavyTailsAreLearned(int batch) {
        assertThat(run(numbers(z -> z > .5 ? 1 : 0), batch).share()).isLessThan(.7);
        assertThat(run(numbers(z -> Math.exp(3 * z)), batch).share()).isLessThan(.9);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "3, 1", "-1e6, 4", "1e-9, 4", "0.1, 4"})
    void whatIsAlwaysTheSameIsSaidFromTheSecondStepOn(double number, int batch) {
        Run run = run(numbers(z -> number).subList(0, 20), batch);

        assertThat(run.said().subList(batch, 20)).containsOnly((double) (float) number);
    }

    @Test
    void theFirstStepSaysWhatTheNewHeadSaysAndEndsAtTheMean() {
        List<TrainingExample> first = numbers(z -> 1000 + 5 * z).subList(0, BATCH);
        AdapterState fresh = learner.create("number", TEMPLATE);

        Run run = run(fresh, first, BATCH);

        HeadState head = run.end().head();
        double mean = run.truth().stream().mapToDouble(y -> y).average().orElseThrow();
        assertThat(run.said()).allSatisfy(said -> assertThat(said).isCloseTo(0, within(1.)));
        assertThat(head.bias()).containsExactly((float) mean);
        for (float weight : head.weight()) {
            assertThat(weight).isCloseTo(0, within(0f));
        }
    }

    @Test
    void aHeadThatHasLearnedElsewhereIsKept() {
        AdapterState fresh = learner.create("number", TEMPLATE);
        float[] values = fresh.head().values();
        values[fresh.head().shape().weightSize()] = 7;
        AdapterState brought =
                new AdapterState(
                        fresh.meta(),
                        fresh.triplets(),
                        fresh.moments(),
                        fresh.importance(),
                        fresh.budget(),
                        fresh.head().withValues(values));

        Run run = run(brought, numbers(z -> z).subList(0, BATCH), BATCH);

        assertThat(run.end().head().bias()[0]).isCloseTo(7, within(.1f));
        assertThat(run.end().head().weight()).doesNotContain(0);
    }

    @Test
    void weightDecayPullsTowardsTheMeanAndNotTowardsZero() {
        TrainingTemplate decaying =
                AdapterTemplate.regression().initRank(4).weightDecay(.1).build().settings();

        double share =
                run(learner.create("number", decaying), decaying, numbers(z -> 5 * z + 1000), BATCH)
                        .share();

        assertThat(share).isLessThan(.5);
    }

    @Test
    void goesOnBitForBitFromTheMiddle() {
        List<TrainingExample> examples = numbers(z -> 1e4 * z - 5e5);
        int middle = examples.size() / 2;
        Run whole = run(examples, BATCH);

        AdapterState half = run(examples.subList(0, middle), BATCH).end();
        Run rest = run(half, examples.subList(middle, examples.size()), BATCH);

        assertThat(rest.said()).isEqualTo(whole.said().subList(middle, examples.size()));
        assertThat(rest.end().head().values()).containsExactly(whole.end().head().values());
        assertThat(rest.end().triplets().values()).containsExactly(whole.end().triplets().values());
    }
}
