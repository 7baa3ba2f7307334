package io.rankstream.adapters.task.regression;

import io.rankstream.adapters.task.Scale;

/**
 * What pairs of numbers come to, in sums that can be added without the pairs: means, and sums of
 * squares and products around them (Welford, 1962; Chan et al., 1983), so that numbers far from
 * zero lose nothing. Adding pair by pair in the same order gives the same bits; {@link
 * #plus(Moments)} gives the same within rounding.
 *
 * @param count pairs
 * @param meanTarget mean of what was true
 * @param meanSaid mean of what was said
 * @param squaresTarget sum of squares of what was true around its mean
 * @param squaresSaid the same of what was said
 * @param products sum of products of both around their means
 * @param squaredErrors sum of squared differences
 * @param absoluteErrors sum of absolute differences
 */
record Moments(
        long count,
        double meanTarget,
        double meanSaid,
        double squaresTarget,
        double squaresSaid,
        double products,
        double squaredErrors,
        double absoluteErrors) {

    /**
     * Units of learning in a standard deviation. The learning rates are made for logits, which lie
     * several units apart; with one unit the head overshoots.
     */
    private static final double UNITS = 3;

    /** The inverse of its square is a float, and so are gradients of it. */
    private static final double SMALLEST_DEVIATION = 1e-15;

    static final Moments NONE = new Moments(0, 0, 0, 0, 0, 0, 0, 0);

    Moments plus(double target, double said) {
        long all = count + 1;
        double ofTarget = target - meanTarget;
        double ofSaid = said - meanSaid;
        double nextTarget = meanTarget + ofTarget / all;
        double nextSaid = meanSaid + ofSaid / all;
        double error = said - target;
        return new Moments(
                all,
                nextTarget,
                nextSaid,
                squaresTarget + ofTarget * (target - nextTarget),
                squaresSaid + ofSaid * (said - nextSaid),
                products + ofTarget * (said - nextSaid),
                squaredErrors + error * error,
                absoluteErrors + Math.abs(error));
    }

    Moments plus(Moments other) {
        if (count == 0 || other.count == 0) {
            return count == 0 ? other : this;
        }
        double all = (double) count + other.count;
        double ofTarget = other.meanTarget - meanTarget;
        double ofSaid = other.meanSaid - meanSaid;
        double share = other.count / all;
        double both = count * share;
        return new Moments(
                count + other.count,
                meanTarget + ofTarget * share,
                meanSaid + ofSaid * share,
                squaresTarget + other.squaresTarget + ofTarget * ofTarget * both,
                squaresSaid + other.squaresSaid + ofSaid * ofSaid * both,
                products + other.products + ofTarget * ofSaid * both,
                squaredErrors + other.squaredErrors,
                absoluteErrors + other.absoluteErrors);
    }

    /** Pearson's correlation; NaN where one of both was always the same. */
    double pearson() {
        double deviations = Math.sqrt(squaresTarget) * Math.sqrt(squaresSaid);
        return deviations > 0 ? Math.max(-1, Math.min(1, products / deviations)) : Double.NaN;
    }

    double meanSquaredError() {
        return squaredErrors / count;
    }

    double meanAbsoluteError() {
        return absoluteErrors / count;
    }

    /** Mean squared error of always saying the mean of what was true. */
    double baselineSquaredError() {
        return squaresTarget / count;
    }

    /**
     * The units that what was true is learned in, by its mean and standard deviation. A deviation
     * that floats cannot tell from 0 is none, and counts as 1.
     */
    Scale scaleOfTargets() {
        double deviation = Math.sqrt(baselineSquaredError());
        double smallest = Math.max(SMALLEST_DEVIATION, Math.ulp((float) meanTarget));
        return new Scale(meanTarget, deviation < smallest ? 1 : deviation / UNITS);
    }

    double[] sums() {
        return new double[] {
            meanTarget,
            meanSaid,
            squaresTarget,
            squaresSaid,
            products,
            squaredErrors,
            absoluteErrors
        };
    }

    /**
     * @param sums as {@link #sums} gives them
     */
    static Moments of(long count, double[] sums) {
        return new Moments(count, sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6]);
    }
}
