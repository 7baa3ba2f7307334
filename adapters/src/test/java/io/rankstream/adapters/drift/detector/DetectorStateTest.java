package io.rankstream.adapters.drift.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is damaged is refused as soon as it is read. */
class DetectorStateTest {

    @ParameterizedTest
    @MethodSource
    void surprisesThatCannotHaveBeenAreRefused(ThrowingCallable state) {
        assertThatIllegalArgumentException().isThrownBy(state).withMessageContaining("is damaged");
    }

    static Stream<Arguments> surprisesThatCannotHaveBeenAreRefused() {
        double[] evidence = {1, 2, 3};
        int[] lengths = {1, 5, 50};
        int[] surprises = {0, 5, 20};
        return Stream.of(
                detector("examples", -1, 1, 2, 0, 0, new double[3], new int[3], new int[3]),
                detector("no share", 200, -1, 2, 0, 0, evidence, lengths, surprises),
                detector("share over 1", 200, 3, 2, 0, 0, evidence, lengths, surprises),
                detector("share unknown", 200, Double.NaN, 2, 0, 0, evidence, lengths, surprises),
                detector("no weight", 200, 0, 0, 0, 0, evidence, lengths, surprises),
                detector("weight unknown", 200, 1, Double.NaN, 0, 0, evidence, lengths, surprises),
                detector(
                        "infinite weight",
                        200,
                        1,
                        Double.POSITIVE_INFINITY,
                        0,
                        0,
                        evidence,
                        lengths,
                        surprises),
                detector("fewer than none held", 200, 1, 2, 0, -1, evidence, lengths, surprises),
                detector("more held than can be", 200, 1, 2, 0, 33, evidence, lengths, surprises),
                detector("more held than seen", 3, 1, 2, 0, 4, evidence, new int[3], new int[3]),
                detector("held beyond the count", 200, 1, 2, 8, 3, evidence, lengths, surprises),
                detector("bets missing", 200, 1, 2, 0, 0, new double[2], lengths, surprises),
                detector("lengths missing", 200, 1, 2, 0, 0, evidence, new int[2], surprises),
                detector("counts missing", 200, 1, 2, 0, 0, evidence, lengths, new int[4]),
                detector(
                        "evidence unknown",
                        200,
                        1,
                        2,
                        0,
                        0,
                        new double[] {0, Double.NaN, 0},
                        lengths,
                        surprises),
                detector(
                        "length below 0",
                        200,
                        1,
                        2,
                        0,
                        0,
                        evidence,
                        new int[] {-1, 5, 50},
                        surprises),
                detector(
                        "longer than seen",
                        200,
                        1,
                        2,
                        0,
                        0,
                        evidence,
                        new int[] {1, 5, 101},
                        surprises),
                detector("count below 0", 200, 1, 2, 0, 0, evidence, lengths, new int[] {0, 0, -1}),
                detector(
                        "more surprises than examples",
                        200,
                        1,
                        2,
                        0,
                        0,
                        evidence,
                        lengths,
                        new int[] {2, 0, 0}));
    }

    private static Arguments detector(
            String name,
            long seen,
            double surprises,
            double weight,
            int held,
            int heldCount,
            double[] evidence,
            int[] lengths,
            int[] surprisesSince) {
        return damaged(
                name,
                () ->
                        new CusumState(
                                seen,
                                surprises,
                                weight,
                                held,
                                heldCount,
                                evidence,
                                lengths,
                                surprisesSince));
    }

    private static Arguments damaged(String name, ThrowingCallable state) {
        return Arguments.of(Named.of(name, state));
    }

    @ParameterizedTest
    @MethodSource
    void windowsThatCannotHaveBeenAreRefused(ThrowingCallable state) {
        assertThatIllegalArgumentException().isThrownBy(state).withMessageContaining("is damaged");
    }

    static Stream<Arguments> windowsThatCannotHaveBeenAreRefused() {
        return Stream.of(
                window("examples below 0", -1, new int[] {1}, 0),
                window("no buckets of a size", 9, new int[] {0, 1}, 0),
                window("fewer than none", 9, new int[] {-1}),
                window("too many of a size", 9, new int[] {6}, 0, 0, 0, 0, 0, 0),
                window("too many sizes", 9, ones(32), ones(32)),
                window("sums missing", 9, new int[] {2}, 0),
                window("sums of no bucket", 9, new int[] {1}, 0, 0),
                window("more surprises than examples", 9, new int[] {1, 1}, 1, 3),
                window("surprises below 0", 9, new int[] {1, 1}, 1, -1));
    }

    private static int[] ones(int size) {
        int[] ones = new int[size];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static Arguments window(String name, long seen, int[] buckets, int... surprises) {
        return damaged(name, () -> new AdwinState(seen, buckets, surprises));
    }

    @ParameterizedTest
    @EnumSource
    void whatKnowsNothingTakesAHalfForUsual(DetectorKind kind) {
        assertThat(kind.empty().kind()).isEqualTo(kind);
        assertThat(kind.empty().seen()).isZero();
        assertThat(kind.empty().usualShare()).isEqualTo(.5);
    }
}
