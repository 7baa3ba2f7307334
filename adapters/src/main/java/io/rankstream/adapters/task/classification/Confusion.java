package io.rankstream.adapters.task.classification;

import io.rankstream.adapters.task.ScoreFields;
import io.rankstream.adapters.weights.Sizes;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/**
 * Which labels were said of examples of which, as far as scores need it: counts over all examples,
 * and the newest ones one by one. Arrays are never modified after construction.
 *
 * @param said examples of which each label was said
 * @param right those of them whose label it was
 * @param newest the newest examples, and how many there were
 */
record Confusion(long[] said, long[] right, NewestPairs newest) {

    private static final String EXAMPLES = "confusion.examples";
    private static final String SAID = "confusion.said";
    private static final String RIGHT = "confusion.correct";
    private static final String NEWEST = "confusion.window";

    Confusion {
        Sizes.require("counts of labels said", said.length, newest.labels());
        Sizes.require("counts of labels said rightly", right.length, newest.labels());
    }

    /** One of no example. */
    static Confusion none(int labels) {
        return new Confusion(new long[labels], new long[labels], NewestPairs.none(labels));
    }

    /**
     * The one that {@link #putFields} told; {@link #none} where there is none.
     *
     * @param occurred examples seen of each label, by the score that it is of
     * @throws IllegalArgumentException if its numbers cannot be
     */
    static Confusion of(ScoreFields fields, long[] occurred) {
        int labels = occurred.length;
        if (!fields.values().containsKey(EXAMPLES)) {
            return none(labels);
        }
        Confusion confusion =
                new Confusion(
                        fields.numbers(SAID),
                        fields.numbers(RIGHT),
                        new NewestPairs(fields.number(EXAMPLES), labels, fields.numbers(NEWEST)));
        if (!confusion.isSound(occurred)) {
            throw new IllegalArgumentException(
                    "the score's confusion contradicts itself or the score, expected each of its %d"
                                    .formatted(confusion.examples())
                            + " examples in the count of the label that was said of it, and the"
                            + " newest among them");
        }
        return confusion;
    }

    private boolean isSound(long[] occurred) {
        if (!newest.isSound()
                || Arrays.stream(said).sum() != examples()
                || Arrays.stream(occurred).sum() < examples()) {
            return false;
        }
        LabelCounts counts = newest.counts(newest.kept());
        for (int row = 0; row < said.length; row++) {
            if (right[row] > Math.min(said[row], occurred[row])
                    || right[row] < counts.right()[row]
                    || said[row] < counts.said()[row]) {
                return false;
            }
        }
        return true;
    }

    /** Nothing where there are no examples, as in the scores of earlier releases. */
    void putFields(Map<String, Object> fields) {
        if (examples() > 0) {
            fields.put(EXAMPLES, examples());
            fields.put(SAID, said);
            fields.put(RIGHT, right);
            fields.put(NEWEST, newest.words());
        }
    }

    /** Examples that it knows of. */
    long examples() {
        return newest.examples();
    }

    Confusion plus(int[] targets, int[] answers) {
        long[] spoken = said.clone();
        long[] hits = right.clone();
        for (int i = 0; i < targets.length; i++) {
            spoken[answers[i]]++;
            hits[answers[i]] += targets[i] == answers[i] ? 1 : 0;
        }
        return new Confusion(spoken, hits, newest.plus(targets, answers));
    }

    /** This one's examples and then {@code later}'s, which are of as many labels. */
    Confusion followedBy(Confusion later) {
        return new Confusion(
                sum(said, later.said), sum(right, later.right), newest.followedBy(later.newest));
    }

    private static long[] sum(long[] left, long[] right) {
        long[] sum = left.clone();
        Arrays.setAll(sum, row -> left[row] + right[row]);
        return sum;
    }

    /** The same for at least as many labels, of which the new ones were never said. */
    Confusion withLabels(int labels) {
        return new Confusion(
                Arrays.copyOf(said, labels),
                Arrays.copyOf(right, labels),
                newest.withLabels(labels));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Confusion that
                && Arrays.equals(said, that.said)
                && Arrays.equals(right, that.right)
                && newest.equals(that.newest);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(said), Arrays.hashCode(right), newest);
    }
}
