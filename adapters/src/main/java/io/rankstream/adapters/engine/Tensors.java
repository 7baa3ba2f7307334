package io.rankstream.adapters.engine;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Tensors from and to the host, and the few operations that DJL's arrays lack. */
public final class Tensors {

    private static final int BLOCK_FLOATS = 16 * 1024;

    private Tensors() {}

    /** A scope below {@code parent}; what is made in it is freed when it closes. */
    public static PtNDManager scope(PtNDManager parent) {
        return (PtNDManager) parent.newSubManager();
    }

    /** A scalar of {@code scope}. */
    public static PtNDArray scalar(PtNDManager scope, double value) {
        return JniUtils.full(
                scope, new Shape(), value, DataType.FLOAT32, scope.getDevice(), SparseFormat.DENSE);
    }

    /** A float tensor of {@code scope} with a copy of {@code values}. */
    public static PtNDArray floats(PtNDManager scope, float[] values, long... shape) {
        return owned(scope.create(bytes(values), new Shape(shape), DataType.FLOAT32));
    }

    /**
     * A flat float tensor of {@code scope} with a copy of {@code values} in libtorch's own memory,
     * which is free as soon as the tensor is closed.
     */
    public static PtNDArray stored(PtNDManager scope, float[] values) {
        PtNDArray stored = empty(scope, values.length);
        new BlockCopy(Math.min(values.length, BLOCK_FLOATS))
                .copy(values, 0, values.length, stored, 0);
        return stored;
    }

    /** A float tensor of {@code scope} whose values are to come. */
    public static PtNDArray empty(PtNDManager scope, long... shape) {
        return scope.create(new Shape(shape), DataType.FLOAT32);
    }

    /** A long tensor of {@code scope} with a copy of {@code values}. */
    public static PtNDArray longs(PtNDManager scope, long[] values, long... shape) {
        ByteBuffer buffer = direct(values.length * Long.BYTES);
        buffer.asLongBuffer().put(values);
        return owned(scope.create(buffer, new Shape(shape), DataType.INT64));
    }

    /**
     * A copy in libtorch's own memory. DJL's tensor lies in a buffer of the JVM's, which goes with
     * its handle, even if the autograd graph still needs the values for a backward pass.
     */
    private static PtNDArray owned(PtNDArray ofBuffer) {
        try (ofBuffer) {
            return JniUtils.clone(ofBuffer);
        }
    }

    /** A view of {@code scope} on the elements of a flat tensor from {@code offset} on. */
    public static PtNDArray view(PtNDManager scope, PtNDArray flat, long offset, long... shape) {
        return view(scope, flat, 0, offset, new Shape(shape).size(), shape);
    }

    private static PtNDArray view(
            PtNDManager scope, PtNDArray of, int axis, long offset, long count, long... shape) {
        try (PtNDArray part = JniUtils.slice(of, axis, offset, offset + count, 1)) {
            PtNDArray view = JniUtils.reshape(part, shape);
            view.attach(scope);
            return view;
        }
    }

    /** A view as {@link #view} gives, and a leaf of the autograd graph. */
    public static PtNDArray leaf(PtNDManager scope, PtNDArray flat, long offset, long... shape) {
        return leaf(view(scope, flat, offset, shape));
    }

    /**
     * A leaf of the autograd graph on the same elements of every row.
     *
     * @param rows (rows, elements)
     * @param shape shape of the leaf, rows first
     */
    public static PtNDArray leafOfRows(
            PtNDManager scope, PtNDArray rows, long offset, long... shape) {
        return leaf(view(scope, rows, 1, offset, new Shape(shape).size() / shape[0], shape));
    }

    private static PtNDArray leaf(PtNDArray view) {
        JniUtils.attachGradient(view, true);
        return view;
    }

    /** Zeros of {@code scope}. */
    public static PtNDArray zeros(PtNDManager scope, long... shape) {
        return JniUtils.createZerosNdArray(
                scope, new Shape(shape), DataType.FLOAT32, scope.getDevice(), SparseFormat.DENSE);
    }

    /** Views on consecutive rows of {@code x}; all rows together are those of {@code x}. */
    public static List<PtNDArray> split(PtNDArray x, List<Integer> rows) {
        return split(x, rows, 0);
    }

    /** Views on consecutive parts of {@code x} along {@code axis}, which they cover. */
    public static List<PtNDArray> split(PtNDArray x, List<Integer> sizes, int axis) {
        if (sizes.size() == 1) {
            return List.of(x);
        }
        long[] parts = sizes.stream().mapToLong(Integer::longValue).toArray();
        return JniUtils.split(x, parts, axis).stream().map(PtNDArray.class::cast).toList();
    }

    /**
     * The rows of {@code x} that {@code index} names, in its order.
     *
     * @param index row numbers, (rows)
     */
    public static PtNDArray rowsAt(PtNDArray x, PtNDArray index) {
        return JniUtils.embedding(index, x, false);
    }

    /** {@code parts} one below the other; one alone stays what it is. */
    public static PtNDArray rows(List<PtNDArray> parts) {
        return parts.size() == 1 ? parts.get(0) : JniUtils.cat(parts.toArray(PtNDArray[]::new), 0);
    }

    /**
     * Elements of a flat tensor. DJL reads another device through a copy that lives as long as the
     * manager of what is read, so this reads a view that ends here.
     */
    public static float[] values(PtNDArray flat) {
        try (PtNDManager scope = scope(flat.getManager())) {
            return view(scope, flat, 0, flat.size()).toFloatArray();
        }
    }

    /** Gradient of {@code leaf} as a handle of {@code scope}. */
    public static PtNDArray gradient(PtNDArray leaf, PtNDManager scope) {
        PtNDArray gradient = JniUtils.getGradient(leaf);
        gradient.attach(scope);
        return gradient;
    }

    private static ByteBuffer bytes(float[] values) {
        ByteBuffer buffer = direct(values.length * Float.BYTES);
        buffer.asFloatBuffer().put(values);
        return buffer;
    }

    static ByteBuffer direct(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }
}
