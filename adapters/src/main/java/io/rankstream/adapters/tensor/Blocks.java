package io.rankstream.adapters.tensor;

import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

/**
 * Elementwise work on long flat tensors, block after block: what is made on the way stays near the
 * processor, and is small enough for the C library to keep it for the next block. Temporaries as
 * long as an adapter made the optimizer several times slower after a short step on one thread.
 */
public final class Blocks {

    /** Elements of a block: 1 MiB. Half of it was no faster on one thread and on two. */
    private static final long SIZE = 256 * 1024;

    /** Work on one block of four tensors; it closes what it makes. */
    @FunctionalInterface
    public interface Work {
        void of(PtNDArray a, PtNDArray b, PtNDArray c, PtNDArray d);
    }

    private Blocks() {}

    /** Does {@code work} on every block of four flat tensors of one length. */
    public static void forEach(PtNDArray a, PtNDArray b, PtNDArray c, PtNDArray d, Work work) {
        try (NDList as = JniUtils.split(a, SIZE, 0);
                NDList bs = JniUtils.split(b, SIZE, 0);
                NDList cs = JniUtils.split(c, SIZE, 0);
                NDList ds = JniUtils.split(d, SIZE, 0)) {
            for (int i = 0; i < as.size(); i++) {
                work.of(block(as, i), block(bs, i), block(cs, i), block(ds, i));
            }
        }
    }

    private static PtNDArray block(NDList blocks, int index) {
        return (PtNDArray) blocks.get(index);
    }
}
