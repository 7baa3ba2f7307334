package io.rankstream.adapters.replay;

import io.rankstream.adapters.weights.Sizes;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A {@link Meanings} as a value. Arrays are never modified after construction.
 *
 * @param examples examples that its adapter has learned from
 * @param truths rows of the newest ones' labels, oldest first
 * @param said what was said of each instead, or the same
 * @param first of each class, the number of its first example; 0 before that
 * @param beginning the example that the newest change began with; 0 before the first, and where
 *     there was none in truth
 * @param isCertain whether what was kept of a changed label leaves at once
 * @param suspects rows of labels whose examples leave when the change is certain
 */
public record MeaningsState(
        long examples,
        int[] truths,
        int[] said,
        long[] first,
        long beginning,
        boolean isCertain,
        int[] suspects) {

    public MeaningsState {
        Sizes.require("what was said of newest examples", said.length, truths.length);
        int classes = first.length;
        if (examples < truths.length
                || truths.length > Meanings.NEWEST
                || beginning < 0
                || beginning > examples + 1
                || !areRows(truths, classes)
                || !areRows(said, classes)
                || !areRows(suspects, classes)
                || Arrays.stream(first).anyMatch(number -> number < 0 || number > examples)) {
            throw new IllegalArgumentException(
                    "what is known of meanings is damaged: of %d classes, after %d examples, %d of them kept, a change at %d"
                            .formatted(classes, examples, truths.length, beginning));
        }
    }

    private static boolean areRows(int[] rows, int classes) {
        return Arrays.stream(rows).allMatch(row -> row >= 0 && row < classes);
    }

    /** Of an adapter that has learned from so many examples, none of which is known. */
    static MeaningsState after(long examples, int classes) {
        return new MeaningsState(
                examples, new int[0], new int[0], new long[classes], 0, false, new int[0]);
    }

    MeaningsState withClasses(int classes) {
        return new MeaningsState(
                examples,
                truths,
                said,
                Arrays.copyOf(first, classes),
                beginning,
                isCertain,
                suspects);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MeaningsState that
                && examples == that.examples
                && Arrays.equals(truths, that.truths)
                && Arrays.equals(said, that.said)
                && Arrays.equals(first, that.first)
                && beginning == that.beginning
                && isCertain == that.isCertain
                && Arrays.equals(suspects, that.suspects);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                examples,
                Arrays.hashCode(truths),
                Arrays.hashCode(said),
                beginning,
                IntStream.of(suspects).sum());
    }
}
