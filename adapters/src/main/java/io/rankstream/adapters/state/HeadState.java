package io.rankstream.adapters.state;

import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.HeadKind;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.task.classification.Classification;
import io.rankstream.adapters.weights.Sizes;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Head of one adapter: {@code outputs = x Wᵀ + b}, where x is the pooled vector or, of a head of
 * two layers, {@code f(pooled Vᵀ + c)} with the activation f of the base model's family; where that
 * has a LayerNorm, {@code c ⊙ norm(f(pooled Vᵀ))}. Arrays are never modified after construction.
 *
 * @param task what the outputs mean
 * @param labels labels, a row each; a label's index is its class. None where the task has no labels
 * @param pooling how token vectors become the one that the head reads
 * @param hidden features of the pooled vector
 * @param weight W, outputs × hidden, row-major
 * @param bias b, one an output
 * @param dense V, hidden × hidden, row-major, then c, hidden; empty of a head of one layer
 */
public record HeadState(
        Task<?> task,
        LabelSet labels,
        Pooling pooling,
        int hidden,
        float[] weight,
        float[] bias,
        float[] dense) {

    public HeadState {
        int outputs = task.outputs(labels.rows().size());
        Sizes.require("head weight", weight.length, outputs * hidden);
        Sizes.require("head bias", bias.length, outputs);
        if (dense.length > 0) {
            Sizes.require("head's dense layer", dense.length, hidden * (hidden + 1));
        }
    }

    /** A classification's head of one layer. */
    public HeadState(LabelSet labels, Pooling pooling, int hidden, float[] weight, float[] bias) {
        this(new Classification(), labels, pooling, hidden, weight, bias, new float[0]);
    }

    /** A classification's head of one layer, whose labels are all in use, as configured. */
    public HeadState(
            List<String> labels, Pooling pooling, int hidden, float[] weight, float[] bias) {
        this(LabelSet.of(labels), pooling, hidden, weight, bias);
    }

    /** The same with other values, which lie in {@code values} as {@link #shape} says. */
    public HeadState withValues(float[] values) {
        HeadShape shape = shape();
        Sizes.require("head", values.length, shape.size());
        return new HeadState(
                task,
                labels,
                pooling,
                hidden,
                Arrays.copyOf(values, shape.weightSize()),
                Arrays.copyOfRange(values, shape.weightSize(), shape.denseOffset()),
                Arrays.copyOfRange(values, shape.denseOffset(), shape.size()));
    }

    /** The same whose labels, as many as before, have counted on. */
    public HeadState labeled(LabelSet counted) {
        return new HeadState(task, counted, pooling, hidden, weight, bias, dense);
    }

    /** The same by a task that differs in {@linkplain Task#settings settings} alone. */
    public HeadState by(Task<?> other) {
        return new HeadState(other, labels, pooling, hidden, weight, bias, dense);
    }

    /** All values, as {@link #shape} says. */
    public float[] values() {
        HeadShape shape = shape();
        float[] values = Arrays.copyOf(weight, shape.size());
        System.arraycopy(bias, 0, values, shape.weightSize(), bias.length);
        System.arraycopy(dense, 0, values, shape.denseOffset(), dense.length);
        return values;
    }

    /** Its layers. */
    public HeadForm form() {
        return dense.length == 0 ? HeadForm.LINEAR : HeadForm.OWN;
    }

    /** What it keeps for its life. */
    public HeadKind kind() {
        return new HeadKind(task, form(), pooling);
    }

    /** Where its values lie in one array. */
    public HeadShape shape() {
        return new HeadShape(bias.length, hidden, form());
    }

    /**
     * The labels in use alone, with their rows: what predicts, and what is published for others.
     */
    public HeadState active() {
        if (!task.hasLabels()) {
            return this;
        }
        int[] rows = labels.activeRows();
        float[] activeWeight = new float[rows.length * hidden];
        float[] activeBias = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(weight, rows[i] * hidden, activeWeight, i * hidden, hidden);
            activeBias[i] = bias[rows[i]];
        }
        return new HeadState(
                task, labels.withoutRetired(), pooling, hidden, activeWeight, activeBias, dense);
    }

    /**
     * The head for {@code next}, whose rows begin with those of this one. A new row has a weight of
     * zero and the bias of a label that was not among {@code examples} examples, see {@link
     * Task#biasOfNew}: it answers every text alike, and is outvoted by what has been learned. In an
     * adapter that has learned nothing it is as likely as any other.
     */
    HeadState withLabels(LabelSet next, long examples) {
        int size = task.outputs(next.rows().size());
        float[] grownBias = Arrays.copyOf(bias, size);
        Arrays.fill(grownBias, bias.length, size, unseenBias(examples));
        return new HeadState(
                task,
                next,
                pooling,
                hidden,
                Arrays.copyOf(weight, size * hidden),
                grownBias,
                dense);
    }

    private float unseenBias(long examples) {
        double[] inUse = Arrays.stream(labels.activeRows()).mapToDouble(row -> bias[row]).toArray();
        return task.biasOfNew(inUse, Math.max(0, examples));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeadState that
                && task.equals(that.task)
                && labels.equals(that.labels)
                && pooling == that.pooling
                && hidden == that.hidden
                && Arrays.equals(weight, that.weight)
                && Arrays.equals(bias, that.bias)
                && Arrays.equals(dense, that.dense);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                task,
                labels,
                pooling,
                hidden,
                Arrays.hashCode(weight),
                Arrays.hashCode(bias),
                Arrays.hashCode(dense));
    }
}
