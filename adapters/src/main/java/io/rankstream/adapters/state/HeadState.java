package io.rankstream.adapters.state;

import io.rankstream.adapters.task.Pooling;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Classification head of one adapter: {@code logits = pooled Wᵀ + b}. Arrays are never modified
 * after construction.
 *
 * @param labels label names; a label's index is its class
 * @param pooling how token vectors become the one that the head reads
 * @param hidden features of the pooled vector
 * @param weight W, labels × hidden, row-major
 * @param bias b, one a label
 */
public record HeadState(
        List<String> labels, Pooling pooling, int hidden, float[] weight, float[] bias) {

    public HeadState {
        labels = List.copyOf(labels);
        Sizes.require("head weight", weight.length, labels.size() * hidden);
        Sizes.require("head bias", bias.length, labels.size());
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
