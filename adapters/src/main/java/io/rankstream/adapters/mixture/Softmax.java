package io.rankstream.adapters.mixture;

/** Softmax regression in logarithms. */
final class Softmax {

    private Softmax() {}

    /** Turns logits into log-probabilities in place; they come from one place in every machine. */
    static double[] logarithms(double[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (double logit : logits) {
            sum += StrictMath.exp(logit - largest);
        }
        double total = largest + StrictMath.log(sum);
        for (int i = 0; i < logits.length; i++) {
            logits[i] -= total;
        }
        return logits;
    }

    /**
     * Gradient of the cross entropy by the logits: each label's probability, less one for the
     * target.
     *
     * @param target position of the target
     */
    static double[] gradient(double[] logProbabilities, int target) {
        double[] gradient = new double[logProbabilities.length];
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = StrictMath.exp(logProbabilities[i]) - (i == target ? 1 : 0);
        }
        return gradient;
    }
}
