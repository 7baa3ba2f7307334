package io.rankstream.adapters.engine;

import static ai.djl.pytorch.jni.JniUtils.addi;
import static ai.djl.pytorch.jni.JniUtils.linear;
import static ai.djl.pytorch.jni.JniUtils.permute;
import static ai.djl.pytorch.jni.JniUtils.reshape;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Products of rows with matrices, by the faster of two ways.
 *
 * <p>libtorch multiplies matrices with MKL, which uses half the width of the vector units of
 * processors that are not Intel's, and convolves with oneDNN, which uses all of it. A convolution
 * of one pixel's width over an image of one line, whose channels are last, is that same product of
 * the same numbers in the same places in memory. It takes longer to begin, so it is for many rows.
 * Where MKL uses the whole width, it is the faster one.
 *
 * <p>The processor decides, and no measurement: the two ways round differently, and a run that goes
 * on after a restart is to be the same run.
 *
 * @param convolving whether products of many rows with frozen matrices are convolutions
 * @param convolvingNarrow whether those with learned, narrow matrices are too, then
 */
public record Products(boolean convolving, boolean convolvingNarrow) {

    /** Matrix products alone. */
    public static final Products OF_MATRICES = new Products(false, false);

    /** Convolutions where there are many rows. */
    public static final Products CONVOLVING = new Products(true, true);

    /** Convolutions where there are many rows and the matrix is frozen. */
    public static final Products CONVOLVING_FROZEN = new Products(true, false);

    private static final Logger LOG = LoggerFactory.getLogger(Products.class);

    /** Numbers up to which libtorch does not leave an image to oneDNN. */
    private static final int SMALLEST_IMAGE = 20_480;

    /** Row counts between a power of two and the next. */
    private static final int COUNTS_AN_OCTAVE = 16;

    /**
     * Without AVX-512 oneDNN takes three times as long for a multiple of so many rows where 3,072
     * features become 768.
     */
    private static final int SLOW_COUNT = 448;

    /** Rows from which on a product with a learned, narrow matrix is faster as a convolution. */
    private static final int FEWEST_ROWS_DOWN = 700;

    private static final int FEWEST_ROWS_UP = 1_700;

    private static final Shape STRIDE = new Shape(1, 1);
    private static final Shape PADDING = new Shape(0, 0);

    /** Without effect on one pixel; otherwise a single thread would not be given oneDNN. */
    private static final Shape DILATION = new Shape(2, 2);

    /** The way that is faster on {@code device}. */
    public static Products of(ComputeDevice device) {
        if (device instanceof ComputeDevice.Gpu) {
            return OF_MATRICES;
        }
        Processor processor = Processor.ofThisMachine();
        Products chosen = of(processor);
        LOG.info(
                "Frozen layers are multiplied {}, low-rank updates {} on this processor ({}, {} AVX-512)",
                means(chosen.convolving()),
                means(chosen.convolvingNarrow()),
                processor.maker(),
                processor.avx512() ? "with" : "without");
        return chosen;
    }

    private static String means(boolean convolving) {
        return convolving ? "as oneDNN's convolutions" : "by MKL";
    }

    /**
     * MKL is slow on AMD's processors, but for narrow matrices where they have no AVX-512; where
     * nothing is known, libtorch's own way is right.
     */
    static Products of(Processor processor) {
        if (!processor.isAmd()) {
            return OF_MATRICES;
        }
        return processor.avx512() ? CONVOLVING : CONVOLVING_FROZEN;
    }

    /**
     * A count of rows, at least {@code rows}, to compute instead. oneDNN makes code for each count
     * that it meets, which takes several milliseconds and mebibytes, so there had better be few. It
     * is slow at some, and those are left out.
     */
    public static int roundedUp(int rows) {
        int step = Math.max(1, Integer.highestOneBit(rows) / COUNTS_AN_OCTAVE);
        int count = (rows + step - 1) / step * step;
        return count % SLOW_COUNT == 0 ? count + step : count;
    }

    /**
     * What {@link #frozen} and {@link #down} take: an image, (1, in, 1, rows), where that is the
     * faster way, and {@code x} itself where it is not. Products that share an operand also add
     * their gradients up in place.
     *
     * @param x (rows, in)
     */
    public PtNDArray operand(PtNDArray x) {
        return isWorthAnImage(x) ? image(x) : x;
    }

    /** The rows that an {@link #operand} was made of. */
    public static PtNDArray rows(PtNDArray operand) {
        if (!isImage(operand)) {
            return operand;
        }
        PtNDArray line = permute(operand, new long[] {0, 2, 3, 1});
        return reshape(line, new long[] {-1, operand.getShape().get(1)});
    }

    /**
     * {@code x Wᵀ + b}, of which x alone can have a gradient.
     *
     * @param operand made of (rows, in)
     * @param weight (out, in)
     * @param bias (out)
     * @return (rows, out)
     */
    public static PtNDArray frozen(PtNDArray operand, PtNDArray weight, PtNDArray bias) {
        return isImage(operand)
                ? rows(convolution(operand, weight, bias))
                : linear(operand, weight, bias);
    }

    /**
     * {@code x Wᵀ} with few rows in W.
     *
     * @param operand made of (rows, in)
     * @param weight (few, in)
     * @return (rows, few)
     */
    public PtNDArray down(PtNDArray operand, PtNDArray weight) {
        return convolvingNarrow && isImage(operand) && operand.getShape().get(3) >= FEWEST_ROWS_DOWN
                ? rows(convolution(operand, weight, null))
                : linear(rows(operand), weight, null);
    }

    /**
     * {@code x Wᵀ + base} with few columns in W.
     *
     * @param x (rows, few)
     * @param weight (out, few)
     * @param base (rows, out)
     * @return (rows, out)
     */
    public PtNDArray up(PtNDArray x, PtNDArray weight, PtNDArray base) {
        if (!convolvingNarrow || x.getShape().get(0) < FEWEST_ROWS_UP || !isWorthAnImage(x)) {
            return linear(x, weight, base);
        }
        PtNDArray product = convolution(image(x), weight, null);
        addi(product, image(base));
        return rows(product);
    }

    private boolean isWorthAnImage(PtNDArray x) {
        return convolving && x.size() > SMALLEST_IMAGE && x.getDevice().equals(Device.cpu());
    }

    private static boolean isImage(PtNDArray operand) {
        return operand.getShape().dimension() == 4;
    }

    private static PtNDArray image(PtNDArray x) {
        PtNDArray line = reshape(x, new long[] {1, 1, -1, x.getShape().get(1)});
        return permute(line, new long[] {0, 3, 1, 2});
    }

    private static PtNDArray convolution(PtNDArray image, PtNDArray weight, PtNDArray bias) {
        Shape shape = weight.getShape();
        // The weight's owner may live long, and would keep every view on it.
        try (PtNDArray kernel = reshape(weight, new long[] {shape.get(0), shape.get(1), 1, 1})) {
            return JniUtils.convolution(image, kernel, bias, STRIDE, PADDING, DILATION, 1);
        }
    }
}
