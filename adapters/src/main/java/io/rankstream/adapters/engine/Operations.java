package io.rankstream.adapters.engine;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;

/**
 * The operations of libtorch that the learner computes with, by the names that torch gives them.
 * They are called past DJL's arrays, which make a tensor of every Java number. A result belongs to
 * the manager of the first operand.
 */
public final class Operations {

    private Operations() {}

    /** {@code x + y}, broadcast. */
    public static PtNDArray add(PtNDArray x, PtNDArray y) {
        return JniUtils.add(x, y);
    }

    /** Adds {@code y} to {@code x} in place. */
    public static void addi(PtNDArray x, PtNDArray y) {
        JniUtils.addi(x, y);
    }

    /** {@code x - y}, broadcast. */
    public static PtNDArray sub(PtNDArray x, PtNDArray y) {
        return JniUtils.sub(x, y);
    }

    /** {@code x ⊙ y}, broadcast. */
    public static PtNDArray mul(PtNDArray x, PtNDArray y) {
        return JniUtils.mul(x, y);
    }

    /** Multiplies {@code x} by {@code y} in place. */
    public static void muli(PtNDArray x, PtNDArray y) {
        JniUtils.muli(x, y);
    }

    /** {@code x / y}, broadcast. */
    public static PtNDArray div(PtNDArray x, PtNDArray y) {
        return JniUtils.div(x, y);
    }

    public static PtNDArray neg(PtNDArray x) {
        return JniUtils.neg(x);
    }

    public static PtNDArray square(PtNDArray x) {
        return JniUtils.square(x);
    }

    public static PtNDArray sqrt(PtNDArray x) {
        return JniUtils.sqrt(x);
    }

    public static PtNDArray tanh(PtNDArray x) {
        return JniUtils.tanh(x);
    }

    public static PtNDArray relu(PtNDArray x) {
        return JniUtils.relu(x);
    }

    /** {@code log(1 + exp(x))}; {@code x} itself from 20 on. */
    public static PtNDArray softplus(PtNDArray x) {
        return JniUtils.softPlus(x);
    }

    /** The exact one. */
    public static PtNDArray gelu(PtNDArray x) {
        return JniUtils.gelu(x);
    }

    /** Sum of all elements, a scalar. */
    public static PtNDArray sum(PtNDArray x) {
        return JniUtils.sum(x);
    }

    /** Sums along {@code axes}. */
    public static PtNDArray sum(PtNDArray x, long[] axes, boolean keepsAxes) {
        return JniUtils.sum(x, axes, keepsAxes);
    }

    /** Mean of all elements, a scalar. */
    public static PtNDArray mean(PtNDArray x) {
        return JniUtils.mean(x);
    }

    /** Means along {@code axis}. */
    public static PtNDArray mean(PtNDArray x, long axis, boolean keepsAxis) {
        return JniUtils.mean(x, axis, keepsAxis);
    }

    public static PtNDArray softmax(PtNDArray x, long axis) {
        return JniUtils.softmax(x, axis, DataType.FLOAT32);
    }

    public static PtNDArray logSoftmax(PtNDArray x, long axis) {
        return JniUtils.logSoftmax(x, axis, DataType.FLOAT32);
    }

    /**
     * Normalises every row.
     *
     * @param x (rows, features)
     * @param weight (features), and so is {@code bias}
     */
    public static PtNDArray layerNorm(
            PtNDArray x, PtNDArray weight, PtNDArray bias, double epsilon) {
        return JniUtils.layerNorm(x, weight.getShape(), weight, bias, epsilon);
    }

    /** {@code x Wᵀ + b}. */
    public static PtNDArray linear(PtNDArray x, PtNDArray weight, PtNDArray bias) {
        return JniUtils.linear(x, weight, bias);
    }

    /** Products of the last two dimensions. */
    public static PtNDArray matmul(PtNDArray x, PtNDArray y) {
        return JniUtils.matmul(x, y);
    }

    /** Products of as many matrices with as many others. */
    public static PtNDArray bmm(PtNDArray x, PtNDArray y) {
        return JniUtils.bmm(x, y);
    }

    /** Drops elements, from the random state that {@link Autograd#seed} sets. */
    public static PtNDArray dropout(PtNDArray x, double probability) {
        return JniUtils.dropout(x, probability, true);
    }

    public static PtNDArray reshape(PtNDArray x, long... shape) {
        return JniUtils.reshape(x, shape);
    }

    public static PtNDArray transpose(PtNDArray x, long axis, long other) {
        return JniUtils.transpose(x, axis, other);
    }

    public static PtNDArray squeeze(PtNDArray x, long axis) {
        return JniUtils.squeeze(x, axis);
    }

    /** Neighbours along {@code axis}, from {@code from} to {@code to} exclusively, as a view. */
    public static PtNDArray slice(PtNDArray x, long axis, long from, long to) {
        return JniUtils.slice(x, axis, from, to, 1);
    }

    /** Elements along {@code axis} that {@code index} names. */
    public static PtNDArray gather(PtNDArray x, PtNDArray index, long axis) {
        return JniUtils.gather(x, index, axis);
    }

    /** {@code parts} one behind the other along {@code axis}. */
    public static PtNDArray cat(PtNDArray[] parts, long axis) {
        return JniUtils.cat(parts, axis);
    }

    /** {@code parts} along a new axis. */
    public static PtNDArray stack(PtNDArray[] parts, int axis) {
        return JniUtils.stack(parts, axis);
    }

    /** The identity matrix. */
    public static PtNDArray identity(PtNDManager scope, int size) {
        return JniUtils.eye(
                scope, size, size, DataType.FLOAT32, scope.getDevice(), SparseFormat.DENSE);
    }
}
