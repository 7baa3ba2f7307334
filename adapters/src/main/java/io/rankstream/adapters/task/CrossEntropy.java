package io.rankstream.adapters.task;

/** Cross entropy of one of several logits, in nats. */
public final class CrossEntropy {

    private CrossEntropy() {}

    /**
     * Minus the logarithm of the softmax of one of the logits.
     *
     * @param outputs of a head
     * @param offset where the first logit is
     * @param stride from one logit to the next
     * @param count how many there are
     * @param chosen which of them is the true one, from 0
     */
    public static double of(float[] outputs, int offset, int stride, int count, int chosen) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, outputs[offset + stride * i]);
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.exp(outputs[offset + stride * i] - largest);
        }
        return Math.log(sum) + largest - outputs[offset + stride * chosen];
    }
}
