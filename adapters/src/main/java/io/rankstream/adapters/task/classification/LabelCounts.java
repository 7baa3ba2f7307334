package io.rankstream.adapters.task.classification;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * How often each label was true, was said, and was said where it was true: the margins and the
 * diagonal of a confusion matrix. Arrays are never modified after construction.
 *
 * <p>Scores are those of scikit-learn's {@code f1_score} with {@code zero_division=0} and {@code
 * matthews_corrcoef}, but for what is empty here.
 *
 * @param occurred examples of each label, one a row of the head
 * @param said examples of which it was said
 * @param right those of both
 */
public record LabelCounts(long[] occurred, long[] said, long[] right) {

    private static final int POSITIVE = 1;

    /**
     * Mean of the F1 of every label that occurred or was said; that of one that occurred and was
     * never said, or the other way round, is 0. Empty without examples.
     */
    public OptionalDouble macroF1() {
        double sum = 0;
        int labels = 0;
        for (int row = 0; row < occurred.length; row++) {
            if (occurred[row] + said[row] > 0) {
                sum += f1(row);
                labels++;
            }
        }
        return labels == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / labels);
    }

    /**
     * F1 of the second of two labels. Empty of any other number of labels, and until it has
     * occurred or was said.
     */
    public OptionalDouble f1() {
        return occurred.length == 2 && occurred[POSITIVE] + said[POSITIVE] > 0
                ? OptionalDouble.of(f1(POSITIVE))
                : OptionalDouble.empty();
    }

    /** Harmonic mean of precision and recall. */
    private double f1(int row) {
        return 2.0 * right[row] / ((double) occurred[row] + said[row]);
    }

    /**
     * Matthews correlation, for several labels R<sub>K</sub> (Gorodkin, 2004, equation 8): that of
     * what was said with what was true, -1 to 1. 0 while the same label was always said. Empty
     * while fewer than two labels have occurred.
     */
    public OptionalDouble matthews() {
        double examples = Arrays.stream(occurred).sum();
        double hits = Arrays.stream(right).sum();
        double spreadOfTruth = examples * examples - products(occurred, occurred);
        double spreadOfSaid = examples * examples - products(said, said);
        if (spreadOfTruth == 0) {
            return OptionalDouble.empty();
        }
        if (spreadOfSaid == 0) {
            return OptionalDouble.of(0);
        }
        double together = hits * examples - products(occurred, said);
        double correlation = together / Math.sqrt(spreadOfTruth * spreadOfSaid);
        return OptionalDouble.of(Math.max(-1, Math.min(1, correlation)));
    }

    private static double products(long[] left, long[] right) {
        double sum = 0;
        for (int row = 0; row < left.length; row++) {
            sum += (double) left[row] * right[row];
        }
        return sum;
    }
}
