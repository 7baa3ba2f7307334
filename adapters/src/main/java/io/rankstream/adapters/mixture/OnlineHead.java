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

    /** A vector that is shorter says nothing, and sets no scale. */
    private static final double LEAST_LENGTH = 1e-6;

    /** Features of a scaled vector are some hundredths; a model that has gone wrong stops here. */
    private static final float LARGEST_FEATURE = 1e3f;

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

    /**
     * Log-probabilities of the labels in use.
     *
     * @param rows theirs
     */
    double[] say(float[] vector, int[] rows) {
        float[] scaled = scaled(vector);
        double[] logits = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            int row = rows[i] * (features + 1);
            float sum = weight[row + features];
            for (int j = 0; j < features; j++) {
                sum += weight[row + j] * scaled[j];
            }
            logits[i] = sum;
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
            scale = scaleOf(vector);
        }
        float[] scaled = scaled(vector);
        double[] gradient = Softmax.gradient(said, target);
        for (int i = 0; i < rows.length; i++) {
            if (Math.abs(gradient[i]) >= LEAST_GRADIENT) {
                int row = rows[i] * (features + 1);
                for (int j = 0; j < features; j++) {
                    STEP.step(weight, squares, row + j, gradient[i] * scaled[j]);
                }
                STEP.step(weight, squares, row + features, gradient[i]);
            }
        }
    }

    /** Learns about as quickly as at first. */
    void quicken() {
        AdaGrad.quicken(squares);
    }

    /** 0 of a vector without length: only the biases learn then. */
    private static float scaleOf(float[] vector) {
        double sum = 0;
        for (float value : vector) {
            sum += (double) value * value;
        }
        double length = Math.sqrt(sum);
        return length < LEAST_LENGTH ? 0 : (float) (1 / length);
    }

    private float[] scaled(float[] vector) {
        float[] scaled = new float[features];
        for (int j = 0; j < features; j++) {
            scaled[j] = Math.max(-LARGEST_FEATURE, Math.min(LARGEST_FEATURE, vector[j] * scale));
        }
        return scaled;
    }
}
