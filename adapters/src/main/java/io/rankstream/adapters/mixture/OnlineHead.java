package io.rankstream.adapters.mixture;

/**
 * A linear softmax head on what the adapter's own head reads, which learns after every example. For
 * one thread.
 */
final class OnlineHead {

    /** On four streams, .3 to .5 were equally good. */
    private static final double RATE = .4;

    /**
     * Two labels that exchanged their meaning were told apart again after half as many examples as
     * without forgetting; streams that do not change lost .2 to .5 points.
     */
    private static final double KEPT = .997;

    /** Labels whose probability is nearer to the truth learn nothing of an example. */
    private static final double LEAST_GRADIENT = 1e-2;

    private static final AdaGrad STEP = new AdaGrad(RATE, KEPT);

    private final int features;
    private final float[] weight;
    private final float[] squares;
    private float scale;

    /**
     * @param features of the vectors
     */
    OnlineHead(OnlineHeadState state, int features) {
        this.features = features;
        this.weight = state.weight().clone();
        this.squares = state.squares().clone();
        this.scale = state.scale();
    }

    OnlineHeadState state() {
        return new OnlineHeadState(scale, weight.clone(), squares.clone());
    }

    /** Bytes on the heap. */
    long bytes() {
        return 2L * weight.length * Float.BYTES;
    }

    /**
     * Log-probabilities of the labels in use.
     *
     * @param rows theirs
     */
    double[] say(float[] vector, int[] rows) {
        double[] logits = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            int row = rows[i] * (features + 1);
            float sum = 0;
            for (int j = 0; j < features; j++) {
                sum += weight[row + j] * vector[j];
            }
            logits[i] = sum * scale + weight[row + features];
        }
        return Softmax.logarithms(logits);
    }

    /**
     * Learns one example.
     *
     * @param said what {@link #say} gave for it
     * @param target position of its label in {@code rows}
     */
    void learn(float[] vector, int[] rows, double[] said, int target) {
        if (scale == 0) {
            scale = firstScale(vector);
        }
        double[] gradient = Softmax.gradient(said, target);
        for (int i = 0; i < rows.length; i++) {
            if (Math.abs(gradient[i]) >= LEAST_GRADIENT) {
                int row = rows[i] * (features + 1);
                float slope = (float) gradient[i] * scale;
                for (int j = 0; j < features; j++) {
                    STEP.step(weight, squares, row + j, slope * vector[j]);
                }
                STEP.step(weight, squares, row + features, gradient[i]);
            }
        }
    }

    private static float firstScale(float[] vector) {
        double sum = 0;
        for (float value : vector) {
            sum += (double) value * value;
        }
        return sum > 0 ? (float) (1 / Math.sqrt(sum)) : 1;
    }
}
