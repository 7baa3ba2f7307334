package io.rankstream.adapters.mixture;

/**
 * AdaGrad's step (Duchi, Hazan and Singer 2011) of one number at a time: the rate, divided by the
 * root of all squared gradients that the number has had. It may forget old ones, so that it goes on
 * learning when the data changes.
 */
final class AdaGrad {

    /** Squared gradients before the first: keeps the first step finite. */
    private static final float FIRST = 1e-6f;

    /** What is left of squared gradients when something new is to be learned. */
    private static final float LEFT = .1f;

    private final float rate;
    private final float kept;

    /**
     * @param kept share of the squared gradients so far that is left at the next one; 1 forgets
     *     none
     */
    AdaGrad(double rate, double kept) {
        this.rate = (float) rate;
        this.kept = (float) kept;
    }

    /** Makes the next steps larger: a tenth is left of all squared gradients so far. */
    static void quicken(float[] squares) {
        for (int i = 0; i < squares.length; i++) {
            squares[i] *= LEFT;
        }
    }

    /**
     * One step of {@code values[at]}; {@code squares[at]} is the sum so far, 0 before the first.
     */
    void step(float[] values, float[] squares, int at, double gradient) {
        float slope = (float) gradient;
        squares[at] = kept * squares[at] + slope * slope;
        values[at] -= rate * slope / (float) Math.sqrt(squares[at] + FIRST);
    }
}
