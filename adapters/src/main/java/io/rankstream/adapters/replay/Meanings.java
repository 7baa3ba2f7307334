package io.rankstream.adapters.replay;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Which labels mean something else since a change. Such a label is missed where it is true and said
 * where another is, and both together more often than it is said rightly. A label that a change
 * brings is missed alone, and those that are said instead of it mean what they did; so does a label
 * that comes back and was forgotten. For one thread.
 */
final class Meanings {

    /** So many newest predictions are known, and so many after a change are judged. */
    static final int NEWEST = 512;

    private record Outcome(int truth, int said) {}

    private final boolean hasLabels;
    private final Deque<Outcome> newest = new ArrayDeque<>();
    private final TreeSet<Integer> suspects = new TreeSet<>();
    private final long[] first;
    private long examples;
    private long beginning;
    private boolean isCertain;

    /**
     * @param hasLabels whether its classes are labels; otherwise all that there is changes
     */
    Meanings(MeaningsState state, boolean hasLabels) {
        this.hasLabels = hasLabels;
        for (int i = 0; i < state.truths().length; i++) {
            newest.add(new Outcome(state.truths()[i], state.said()[i]));
        }
        IntStream.of(state.suspects()).forEach(suspects::add);
        first = state.first().clone();
        examples = state.examples();
        beginning = state.beginning();
        isCertain = state.isCertain();
    }

    MeaningsState state() {
        return new MeaningsState(
                examples,
                newest.stream().mapToInt(Outcome::truth).toArray(),
                newest.stream().mapToInt(Outcome::said).toArray(),
                first.clone(),
                beginning,
                isCertain,
                suspects.stream().mapToInt(Integer::intValue).toArray());
    }

    /** The first example after the newest change. */
    long beginning() {
        return beginning;
    }

    /** Number of the next example. */
    long next() {
        return examples + 1;
    }

    /**
     * An example was predicted.
     *
     * @param truth row of its label
     * @param said that of what was said
     * @return rows whose examples of before the change leave now, ascending
     */
    int[] predicted(int truth, int said) {
        examples++;
        if (!hasLabels) {
            return new int[0];
        }
        if (first[truth] == 0) {
            first[truth] = examples;
        }
        if (newest.size() == NEWEST) {
            newest.remove();
        }
        newest.add(new Outcome(truth, said));
        return truth != said && beginning > 0 && examples - beginning < NEWEST
                ? suspected()
                : new int[0];
    }

    /**
     * There was a change, as it seems.
     *
     * @param number of the first example after it
     * @param certain whether it is known to be one
     * @return as of {@link #predicted}
     */
    int[] changed(long number, boolean certain) {
        beginning = number;
        isCertain = certain;
        suspects.clear();
        return suspected();
    }

    /**
     * The change was real.
     *
     * @return as of {@link #predicted}
     */
    int[] confirmed() {
        isCertain = true;
        return suspects.stream().mapToInt(Integer::intValue).toArray();
    }

    /** There was none. */
    void dismissed() {
        beginning = 0;
        suspects.clear();
    }

    private int[] suspected() {
        int[] found =
                IntStream.of(hasLabels ? changedLabels() : new int[] {0})
                        .filter(suspects::add)
                        .toArray();
        return isCertain ? found : new int[0];
    }

    private int[] changedLabels() {
        int[] right = new int[first.length];
        int[] missed = new int[first.length];
        int[] wronglySaid = new int[first.length];
        long number = examples - newest.size();
        for (Outcome outcome : newest) {
            number++;
            if (number >= beginning && isOld(outcome.truth()) && isOld(outcome.said())) {
                if (outcome.truth() == outcome.said()) {
                    right[outcome.truth()]++;
                } else {
                    missed[outcome.truth()]++;
                    wronglySaid[outcome.said()]++;
                }
            }
        }
        return IntStream.range(0, first.length)
                .filter(
                        row ->
                                missed[row] > 0
                                        && wronglySaid[row] > 0
                                        && missed[row] + wronglySaid[row] > right[row])
                .toArray();
    }

    /** Whether the label was there before the change. */
    private boolean isOld(int row) {
        return first[row] > 0 && first[row] < beginning;
    }
}
