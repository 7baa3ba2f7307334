package io.rankstream.adapters.engine;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;

/**
 * Copies floats from the host into tensors by way of one block of the JVM's native memory, which
 * waits for the garbage collector: a copy of all of a large tensor would stay too long. For one
 * thread at a time.
 */
public final class BlockCopy {

    private final ByteBuffer block;

    /**
     * @param floats most that are copied at once
     */
    public BlockCopy(int floats) {
        this.block = Tensors.direct(floats * Float.BYTES);
    }

    /**
     * Copies some floats.
     *
     * @param values on the host
     * @param offset of the first to copy
     * @param count any number
     * @param flat takes them
     * @param to where the first goes
     */
    public void copy(float[] values, int offset, int count, PtNDArray flat, long to) {
        int capacity = block.capacity() / Float.BYTES;
        for (int done = 0; done < count; done += capacity) {
            int size = Math.min(capacity, count - done);
            block.asFloatBuffer().put(values, offset + done, size);
            ByteBuffer part = block.slice(0, size * Float.BYTES).order(block.order());
            try (PtNDArray copied =
                    flat.getManager().create(part, new Shape(size), DataType.FLOAT32)) {
                long from = to + done;
                JniUtils.indexSet(
                        flat, copied, new long[] {from}, new long[] {from + size}, new long[] {1});
            }
        }
    }
}
