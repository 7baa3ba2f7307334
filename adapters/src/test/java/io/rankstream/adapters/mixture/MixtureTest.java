package io.rankstream.adapters.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixtureTest {

    private static final int FEATURES = 6;

    /** A stream in which vector and words tell the label, and the head knows nothing. */
    private static List<Example> stream(int labels, int examples, long seed) {
        Random random = new Random(seed);
        List<Example> stream = new ArrayList<>();
        for (int i = 0; i < examples; i++) {
            int label = random.nextInt(labels);
            float[] vector = new float[FEATURES];
            for (int j = 0; j < FEATURES; j++) {
                vector[j] = (float) (random.nextGaussian() * .3 + (j == label ? 2 : 0));
            }
            int[] words = IntStream.of(label + 1, 100 + random.nextInt(50)).sorted().toArray();
            stream.add(new Example(new Evidence(new float[labels], vector, words), label));
        }
        return stream;
    }

    private record Example(Evidence evidence, int label) {}

    private static int[] all(int labels) {
        return IntStream.range(0, labels).toArray();
    }

    private static List<Said> learn(Mixture mixture, List<Example> examples, int labels) {
        List<Said> said = new ArrayList<>();
        for (Example example : examples) {
            Said one = mixture.say(example.evidence(), all(labels));
            mixture.learn(example.evidence(), one, example.label());
            said.add(one);
        }
        return said;
    }

    @Test
    void sayingOneThingOfATextThatItKnowsNothingOfIsSayingAllAlike() {
        Mixture mixture = new Mixture(MixtureState.empty(4, FEATURES));

        Said said =
                mixture.say(new Evidence(new float[4], new float[FEATURES], new int[0]), all(4));

        assertThat(said.logProbabilities()).containsOnly(said.logProbabilities()[0]);
        assertThat(said.probability()).isCloseTo(.25, within(1e-12));
    }

    @Property(tries = 50)
    void probabilitiesAddUpToOne(
            @ForAll @IntRange(min = 2, max = 6) int labels,
            @ForAll @IntRange(max = 80) int examples) {
        List<Said> said =
                learn(
                        new Mixture(MixtureState.empty(labels, FEATURES)),
                        stream(labels, examples, examples),
                        labels);

        assertThat(said)
                .allSatisfy(
                        one ->
                                assertThat(
                                                IntStream.range(0, labels)
                                                        .mapToDouble(
                                                                i ->
                                                                        Math.exp(
                                                                                one.logProbabilities()[
                                                                                        i]))
                                                        .sum())
                                        .isCloseTo(1, within(1e-9)));
    }

    @Property(tries = 50)
    void aStateGoesOnBitForBitWhereverItIsTaken(
            @ForAll @IntRange(min = 2, max = 6) int labels,
            @ForAll @IntRange(max = 60) int before,
            @ForAll @IntRange(max = 60) int after) {
        List<Example> stream = stream(labels, before + after, 7);
        Mixture whole = new Mixture(MixtureState.empty(labels, FEATURES));
        learn(whole, stream, labels);
        Mixture first = new Mixture(MixtureState.empty(labels, FEATURES));
        learn(first, stream.subList(0, before), labels);

        Mixture second = new Mixture(first.state());
        learn(second, stream.subList(before, stream.size()), labels);

        assertThat(second.state()).isEqualTo(whole.state());
    }

    @Test
    void sayingChangesNothing() {
        Mixture mixture = new Mixture(MixtureState.empty(3, FEATURES));
        List<Example> stream = stream(3, 40, 1);
        learn(mixture, stream, 3);
        MixtureState before = mixture.state();

        stream.forEach(example -> mixture.say(example.evidence(), all(3)));

        assertThat(mixture.state()).isEqualTo(before);
    }

    @Property(tries = 100)
    void noFiniteEvidenceMakesItAnythingButFinite(@ForAll long seed) {
        Random random = new Random(seed);
        Mixture mixture = new Mixture(MixtureState.empty(3, FEATURES));
        for (int i = 0; i < 60; i++) {
            Evidence evidence =
                    new Evidence(
                            wild(random, 3),
                            wild(random, FEATURES),
                            random.ints(random.nextInt(5)).sorted().toArray());
            Said said = mixture.say(evidence, all(3));
            assertThat(said.probability()).isBetween(0., 1.);
            mixture.learn(evidence, said, random.nextInt(3));
        }

        MixtureState state = mixture.state();
        assertThat(state.weights().head() + state.weights().words()).isFinite();
        MixtureState.LinearHead joined = state.joined(new float[3 * FEATURES], new float[3]);
        for (float[] values :
                List.of(
                        state.onlineHead().weight(),
                        state.onlineHead().squares(),
                        state.words().weight(),
                        state.words().squares(),
                        joined.weight(),
                        joined.bias())) {
            for (float value : values) {
                assertThat(value).isFinite();
            }
        }
    }

    /** Finite floats of any bits. */
    private static float[] wild(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            do {
                values[i] = Float.intBitsToFloat(random.nextInt());
            } while (!Float.isFinite(values[i]));
        }
        return values;
    }

    @Test
    void aFreshOneSaysWhatTheHeadSays() {
        Mixture mixture = new Mixture(MixtureState.empty(3, FEATURES));
        float[] logits = {1, -2, .5f};

        Said said = mixture.say(new Evidence(logits, new float[FEATURES], new int[] {4}), all(3));

        assertThat(said.logProbabilities()[0] - said.logProbabilities()[1])
                .isCloseTo(3, within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 100, 3_000, 20_000})
    void aFreshOneIsAsSureAsItsHeadHoweverManyLabelsThereAre(int labels) {
        float[] logits = new float[labels];
        logits[labels - 1] = (float) Math.log(9_999. * (labels - 1));
        Mixture mixture = new Mixture(MixtureState.empty(labels, 1));

        Said said = mixture.say(new Evidence(logits, new float[1], new int[] {5}), all(labels));

        assertThat(said.row()).isEqualTo(labels - 1);
        assertThat(said.rowOfHeads()).isEqualTo(labels - 1);
        assertThat(said.probability()).isGreaterThan(.999);
    }

    @Test
    void aFirstVectorWithoutLengthSetsNoScale() {
        Mixture mixture = new Mixture(MixtureState.empty(3, FEATURES));
        List<Example> stream = new ArrayList<>(stream(3, 300, 21));
        stream.add(0, new Example(new Evidence(new float[3], new float[FEATURES], new int[0]), 0));

        List<Said> said = learn(mixture, stream, 3);

        assertThat(mixture.state().onlineHead().scale()).isBetween(.1f, 1f);
        assertThat(right(said, stream, Said::rowOfHeads)).isGreaterThan(190);
    }

    @Test
    void labelsThatExchangeTheirMeaningAreRelearned() {
        Mixture mixture = new Mixture(MixtureState.empty(3, FEATURES));
        learn(mixture, stream(3, 2_000, 17), 3);
        List<Example> swapped =
                stream(3, 200, 18).stream()
                        .map(
                                example ->
                                        new Example(
                                                example.evidence(),
                                                example.label() == 2 ? 2 : 1 - example.label()))
                        .toList();

        List<Said> said = learn(mixture, swapped, 3);

        long right =
                IntStream.range(100, 200)
                        .filter(i -> said.get(i).row() == swapped.get(i).label())
                        .count();
        assertThat(right).isGreaterThan(85);
    }

    @Test
    void quickenedItSaysTheSameAndMovesFurtherByAnExample() {
        MixtureState before = learned(stream(3, 2_000, 17));
        Mixture steady = new Mixture(before);
        Mixture quick = new Mixture(before);
        Example example = stream(3, 1, 18).get(0);
        Example changed = new Example(example.evidence(), (example.label() + 1) % 3);

        quick.quicken();

        assertThat(quick.say(example.evidence(), all(3)).logProbabilities())
                .isEqualTo(steady.say(example.evidence(), all(3)).logProbabilities());
        learn(quick, List.of(changed), 3);
        learn(steady, List.of(changed), 3);
        MixtureState quickly = quick.state();
        MixtureState steadily = steady.state();
        assertThat(distance(before.onlineHead().weight(), quickly.onlineHead().weight()))
                .isGreaterThan(
                        distance(before.onlineHead().weight(), steadily.onlineHead().weight()));
        assertThat(distance(before.words().bias(), quickly.words().bias()))
                .isGreaterThan(distance(before.words().bias(), steadily.words().bias()));
    }

    private static MixtureState learned(List<Example> stream) {
        Mixture mixture = new Mixture(MixtureState.empty(3, FEATURES));
        learn(mixture, stream, 3);
        return mixture.state();
    }

    private static double distance(float[] from, float[] to) {
        double sum = 0;
        for (int i = 0; i < from.length; i++) {
            sum += Math.pow(to[i] - from[i], 2);
        }
        return Math.sqrt(sum);
    }

    @Test
    void relearningAnExampleIsForTheOnlineHeadAlone() {
        List<Example> stream = stream(3, 40, 19);
        MixtureState before = learned(stream);
        Mixture mixture = new Mixture(before);
        Evidence evidence = stream.get(0).evidence();
        int other = (stream.get(0).label() + 1) % 3;
        double saidBefore = mixture.say(evidence, all(3)).onlineHead()[other];

        mixture.relearn(evidence.vector(), all(3), other);

        assertThat(mixture.say(evidence, all(3)).onlineHead()[other]).isGreaterThan(saidBefore);
        assertThat(mixture.state().words()).isEqualTo(before.words());
        assertThat(mixture.state().weights()).isEqualTo(before.weights());
    }

    @Test
    void bothLinearModelsLearnWhatTheHeadDoesNotKnow() {
        Mixture mixture = new Mixture(MixtureState.empty(4, FEATURES));

        List<Example> stream = stream(4, 400, 3);

        List<Said> said = learn(mixture, stream, 4);

        assertThat(right(said, stream, Said::rowOfHeads)).isGreaterThan(190);
        assertThat(right(said, stream, Said::rowOfWords)).isGreaterThan(190);
    }

    /** Right ones of the last 200. */
    private static long right(List<Said> said, List<Example> stream, ToIntFunction<Said> row) {
        return IntStream.range(stream.size() - 200, stream.size())
                .filter(i -> row.applyAsInt(said.get(i)) == stream.get(i).label())
                .count();
    }

    @Test
    void aVoiceThatErrsLosesItsWeight() {
        Mixture mixture = new Mixture(MixtureState.empty(3, FEATURES));
        List<Example> misled =
                stream(3, 400, 5).stream()
                        .map(
                                example -> {
                                    float[] logits = new float[3];
                                    logits[(example.label() + 1) % 3] = 5;
                                    return new Example(
                                            new Evidence(
                                                    logits,
                                                    example.evidence().vector(),
                                                    example.evidence().words()),
                                            example.label());
                                })
                        .toList();

        List<Said> said = learn(mixture, misled, 3);

        assertThat(mixture.state().weights().head()).isNegative();
        long right =
                IntStream.range(200, 400)
                        .filter(i -> said.get(i).row() == misled.get(i).label())
                        .count();
        assertThat(right).isGreaterThan(190);
    }

    @Test
    void labelsThatAreNotInUseAreNeverSaidAndLearnNothing() {
        Mixture mixture = new Mixture(MixtureState.empty(3, FEATURES));
        int[] inUse = {0, 2};

        for (Example example : stream(3, 100, 9)) {
            if (example.label() != 1) {
                Said said = mixture.say(example.evidence(), inUse);
                assertThat(said.row()).isNotEqualTo(1);
                mixture.learn(example.evidence(), said, example.label());
            }
        }

        float[] weight = mixture.state().onlineHead().weight();
        for (int j = 0; j <= FEATURES; j++) {
            assertThat(weight[FEATURES + 1 + j]).isZero();
        }
    }

    @Test
    void aNewLabelIsOutvotedAndLeavesTheOthersAsTheyWere() {
        Mixture mixture = new Mixture(MixtureState.empty(2, FEATURES));
        List<Example> stream = stream(2, 200, 11);
        learn(mixture, stream, 2);

        MixtureState grown = mixture.state().withLabels(3);

        Evidence last = stream.get(199).evidence();
        Evidence wider = new Evidence(new float[3], last.vector(), last.words());
        assertThat(new Mixture(grown).say(wider, all(3)).row())
                .isEqualTo(mixture.say(last, all(2)).row());
        assertThat(grown.onlineHead().weight()).startsWith(mixture.state().onlineHead().weight());
    }

    @Test
    void theHeadsTogetherAreOneLinearHead() {
        Mixture mixture = new Mixture(MixtureState.empty(3, FEATURES));
        learn(mixture, stream(3, 150, 13), 3);
        float[] weight = new float[3 * FEATURES];
        float[] bias = {.5f, -.25f, 0};
        Random random = new Random(1);
        for (int i = 0; i < weight.length; i++) {
            weight[i] = (float) random.nextGaussian();
        }

        MixtureState state = mixture.state();
        MixtureState.LinearHead joined = state.joined(weight, bias);

        float[] vector = {1, -1, .5f, 2, 0, .25f};
        double[] ofHead = logits(weight, bias, vector);
        Said said =
                mixture.say(
                        new Evidence(
                                new float[] {
                                    (float) ofHead[0], (float) ofHead[1], (float) ofHead[2]
                                },
                                vector,
                                new int[0]),
                        all(3));
        double[] found = logits(joined.weight(), joined.bias(), vector);
        for (int i = 1; i < 3; i++) {
            double expected =
                    state.weights().head() * (said.head()[i] - said.head()[0])
                            + state.weights().onlineHead()
                                    * (said.onlineHead()[i] - said.onlineHead()[0]);
            assertThat(found[i] - found[0]).isCloseTo(expected, within(1e-4));
        }
    }

    private static double[] logits(float[] weight, float[] bias, float[] vector) {
        double[] logits = new double[bias.length];
        for (int i = 0; i < bias.length; i++) {
            logits[i] = bias[i];
            for (int j = 0; j < vector.length; j++) {
                logits[i] += weight[i * vector.length + j] * vector[j];
            }
        }
        return logits;
    }

    @Nested
    class Words {

        private static final int[] ROWS = {0, 1};

        private void learn(WordWeights words, int[] hashes, int label) {
            BagOfWords text = BagOfWords.of(hashes);
            words.learn(text, ROWS, words.say(text, ROWS), label);
        }

        @Test
        void keepABoundedNumberOfWeightsHoweverManyWordsThereAre() {
            WordWeights words = new WordWeights(WordState.empty(2));
            for (int text = 0; text < 3_000; text++) {
                int first = text * 64;
                learn(words, IntStream.range(first, first + 64).toArray(), text % 2);
            }

            assertThat(words.state().cells().length)
                    .isBetween(WordWeights.MOST_CELLS / 2, WordWeights.MOST_CELLS);
        }

        @Test
        void dropTheWordsThatSayLeastFirst() {
            WordWeights words = new WordWeights(WordState.empty(2));
            int[] telling = {-5};
            for (int i = 0; i < 50; i++) {
                learn(words, telling, 1);
            }
            int learned = words.state().cells().length;
            for (int text = 0; text < 3_000; text++) {
                int first = text * 64;
                learn(words, IntStream.range(first, first + 64).toArray(), text % 2);
            }

            double[] said = words.say(BagOfWords.of(telling), ROWS);
            double ofBias = words.state().bias()[1] - words.state().bias()[0];
            assertThat(learned).isEqualTo(2);
            assertThat(said[1] - said[0] - ofBias).isGreaterThan(1);
        }

        @Test
        void countAWordOfATextByTheLogarithmOfHowOftenItIsThere() {
            WordWeights words = new WordWeights(WordState.empty(2));
            learn(words, new int[] {3, 3, 3, 9}, 1);
            WordState state = words.state();

            double three = Math.log1p(3);
            double one = Math.log1p(1);
            double length = Math.hypot(three, one);
            double[] squares = {Math.pow(.5 * three / length, 2), Math.pow(.5 * one / length, 2)};
            List<Double> found =
                    IntStream.range(0, 4).mapToObj(i -> (double) state.squares()[i]).toList();
            for (double square : squares) {
                assertThat(found)
                        .anySatisfy(other -> assertThat(other).isCloseTo(square, within(1e-6)));
            }
        }
    }
}
