package io.rankstream.adapters.state;

import io.rankstream.adapters.task.classification.Pooling;
import io.rankstream.adapters.weights.Sizes;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Classification head of one adapter: {@code logits = pooled Wᵀ + b}. Arrays are never modified
 * after construction.
 *
 * @param labels labels, a row each; a label's index is its class
 * @param pooling how token vectors become the one that the head reads
 * @param hidden features of the pooled vector
 * @param weight W, labels × hidden, row-major
 * @param bias b, one a label
 */
public record HeadState(
        LabelSet labels, Pooling pooling, int hidden, float[] weight, float[] bias) {

    public HeadState {
        Sizes.require("head weight", weight.length, labels.rows().size() * hidden);
        Sizes.require("head bias", bias.length, labels.rows().size());
    }

    /** A head whose labels are all in use, as configured. */
    public HeadState(
            List<String> labels, Pooling pooling, int hidden, float[] weight, float[] bias) {
        this(LabelSet.of(labels), pooling, hidden, weight, bias);
    }

    /**
     * The labels in use alone, with their rows: what predicts, and what is published for others.
     */
    public HeadState active() {
        int[] rows = labels.activeRows();
        float[] activeWeight = new float[rows.length * hidden];
        float[] activeBias = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(weight, rows[i] * hidden, activeWeight, i * hidden, hidden);
            activeBias[i] = bias[rows[i]];
        }
        return new HeadState(labels.withoutRetired(), pooling, hidden, activeWeight, activeBias);
    }

    /**
     * The head for {@code next}, whose rows begin with those of this one. A new row has a weight of
     * zero and the bias of a label that was not among {@code examples} examples (Laplace's
     * estimate, 1 in examples + labels): it answers every text alike, and is outvoted by what has
     * been learned. In an adapter that has learned nothing it is as likely as any other.
     */
    HeadState withLabels(LabelSet next, long examples) {
        int size = next.rows().size();
        float[] grownBias = Arrays.copyOf(bias, size);
        Arrays.fill(grownBias, bias.length, size, unseenBias(examples));
        return new HeadState(
                next, pooling, hidden, Arrays.copyOf(weight, size * hidden), grownBias);
    }

    /** Logit at which a text that says nothing has the new label with that probability. */
    private float unseenBias(long examples) {
        int[] rows = labels.activeRows();
        double largest = Arrays.stream(rows).mapToDouble(row -> bias[row]).max().orElse(0);
        double sum = Arrays.stream(rows).mapToDouble(row -> Math.exp(bias[row] - largest)).sum();
        return (float)
                (largest + Math.log(sum) - Math.log((double) Math.max(0, examples) + rows.length));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeadState that
                && labels.equals(that.labels)
                && pooling == that.pooling
                && hidden == that.hidden
                && Arrays.equals(weight, that.weight)
                && Arrays.equals(bias, that.bias);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                labels, pooling, hidden, Arrays.hashCode(weight), Arrays.hashCode(bias));
    }
}
