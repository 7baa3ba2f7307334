package io.rankstream.adapters.tensor;

import static ai.djl.pytorch.jni.JniUtils.addi;
import static ai.djl.pytorch.jni.JniUtils.mul;
import static ai.djl.pytorch.jni.JniUtils.muli;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;

/** Exponential moving average by element: {@code a ← d·a + (1−d)·x}. */
public final class MovingAverage {

    private final PtNDArray decay;
    private final PtNDArray rest;

    /**
     * @param scope scope of the factors, which outlives this
     * @param decay d
     */
    public MovingAverage(PtNDManager scope, double decay) {
        this.decay = Tensors.scalar(scope, decay);
        this.rest = Tensors.scalar(scope, 1 - decay);
    }

    /**
     * Moves {@code average} towards {@code value}.
     *
     * @param average a, updated in place
     * @param value x, left as it is
     */
    public void update(PtNDArray average, PtNDArray value) {
        muli(average, decay);
        try (PtNDArray share = mul(value, rest)) {
            addi(average, share);
        }
    }
}
