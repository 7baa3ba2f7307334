package io.rankstream.adapters.engine;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Groups of consecutive rows, brought to other heights so that products can take several groups at
 * once: a group repeats its last row until it is high enough, and taking the padding off again
 * leaves those repetitions out, of values and gradients.
 */
public final class PaddedRows {

    /**
     * Consecutive rows that belong together.
     *
     * @param first their first, before any padding
     * @param rows how many, at least one
     * @param height how many with padding
     */
    public record Group(long first, int rows, int height) {}

    private final PtNDArray padded;
    private final PtNDArray original;

    /**
     * @param scope owner of the tensors made here
     * @param groups in their order with padding
     * @param rows rows without padding; those after the groups' own belong to none and are the
     *     first padded row again when the padding is taken off
     */
    public PaddedRows(PtNDManager scope, List<Group> groups, int rows) {
        long[] ofPadded = groups.stream().flatMapToLong(PaddedRows::rows).toArray();
        long[] ofOriginal = new long[rows];
        int top = 0;
        for (Group group : groups) {
            for (int i = 0; i < group.rows(); i++) {
                ofOriginal[(int) group.first() + i] = top + (long) i;
            }
            top += group.height();
        }
        boolean alike = Arrays.equals(ofPadded, ofOriginal);
        this.padded = alike ? null : Tensors.longs(scope, ofPadded, ofPadded.length);
        this.original = alike ? null : Tensors.longs(scope, ofOriginal, ofOriginal.length);
    }

    private static LongStream rows(Group group) {
        return LongStream.range(0, group.height())
                .map(i -> group.first() + Math.min(i, group.rows() - 1));
    }

    /** The rows of {@code x}, whose scope owns them, in the order of the groups, with padding. */
    public PtNDArray pad(PtNDArray x) {
        return padded == null ? x : rowsAt(x, padded);
    }

    /** The rows of {@code x}, whose scope owns them, in their original order, without padding. */
    public PtNDArray unpad(PtNDArray x) {
        return original == null ? x : rowsAt(x, original);
    }

    private static PtNDArray rowsAt(PtNDArray x, PtNDArray index) {
        PtNDArray rows = Tensors.rowsAt(x, index);
        rows.attach(x.getManager());
        return rows;
    }
}
