package io.rankstream.adapters.engine;

import static io.rankstream.adapters.engine.Tensors.scalar;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;

/** What libtorch keeps for gradients. Whether it records is a setting of each thread. */
public final class Autograd {

    private Autograd() {}

    /** Whether this thread's operations are recorded from here on. */
    public static void record(boolean records) {
        JniUtils.setGradMode(records);
    }

    /**
     * Gradients of {@code loss} for every leaf that it was computed from; the record is gone then.
     *
     * @param loss a scalar
     * @param scope owner of what this takes
     */
    public static void backward(PtNDArray loss, PtNDManager scope) {
        JniUtils.backward(loss, scalar(scope, 1), false, false);
    }

    /** Sets the random state of the process, from which dropout draws. */
    public static void seed(long seed) {
        JniUtils.setSeed(seed);
    }
}
