package io.rankstream.adapters.drift.detector;

/**
 * Which losses are large among those before: an estimate of a quantile by stochastic approximation
 * (Robbins and Monro 1951). It moves by the logarithm of the loss, so losses of any scale are told
 * apart alike. For one thread.
 */
public final class LossQuantile {

    /** What share of the losses is larger. */
    public static final double LARGER = .1;

    /** A smaller loss is as good as none. */
    private static final double SMALLEST = 1e-12;

    /** How far one loss moves it, in nats. */
    private static final double STEP = .05;

    /** The same of the first loss; of later ones that part which their number says. */
    private static final double FIRST_STEP = 5;

    private double logarithm;

    /**
     * @param logarithm of the quantile so far; NaN before the first loss
     */
    public LossQuantile(double logarithm) {
        this.logarithm = logarithm;
    }

    public double logarithm() {
        return logarithm;
    }

    /**
     * Whether a loss is larger than nine tenths of those before it; it counts from now on.
     *
     * @param loss 0 or more, finite
     * @param number of losses so far, this one included
     */
    public boolean isExceededBy(double loss, long number) {
        double found = StrictMath.log(Math.max(loss, SMALLEST));
        if (Double.isNaN(logarithm)) {
            logarithm = found;
        }
        boolean larger = found > logarithm;
        logarithm += Math.max(STEP, FIRST_STEP / number) * (larger ? 1 - LARGER : -LARGER);
        return larger;
    }
}
