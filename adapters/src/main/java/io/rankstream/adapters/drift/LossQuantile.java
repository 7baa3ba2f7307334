package io.rankstream.adapters.drift;

/**
 * Which losses are large among those before: an estimate of a quantile by stochastic approximation
 * (Robbins and Monro 1951). It moves by the logarithm of the loss, so losses of any scale are told
 * apart alike. For one thread.
 */
final class LossQuantile {

    /** What share of the losses is larger. */
    private static final double LARGER = .1;

    /** How far one loss moves it, in nats. */
    private static final double STEP = .05;

    private double logarithm;

    /**
     * @param logarithm of the quantile so far; NaN before the first loss
     */
    LossQuantile(double logarithm) {
        this.logarithm = logarithm;
    }

    double logarithm() {
        return logarithm;
    }

    /**
     * Whether a loss is larger than nine tenths of those before it; it counts from now on.
     *
     * @param loss 0 or more, finite
     */
    boolean isExceededBy(double loss) {
        double found = StrictMath.log(Math.max(loss, Double.MIN_NORMAL));
        if (Double.isNaN(logarithm)) {
            logarithm = found;
        }
        boolean larger = found > logarithm;
        logarithm += STEP * (larger ? 1 - LARGER : -LARGER);
        return larger;
    }
}
