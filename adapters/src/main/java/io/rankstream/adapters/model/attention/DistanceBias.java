package io.rankstream.adapters.model.attention;

import static io.rankstream.adapters.engine.Operations.reshape;
import static io.rankstream.adapters.engine.Operations.transpose;
import static io.rankstream.adapters.engine.Tensors.floats;
import static io.rankstream.adapters.engine.Tensors.longs;
import static io.rankstream.adapters.engine.Tensors.rowsAt;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.function.IntUnaryOperator;

/**
 * What a head adds to its scores by how far a key is from its query (Raffel et al., 2020).
 *
 * @param table a number for each bucket of distances and each head, (buckets, heads), or one for
 *     all heads, (buckets, 1)
 * @param bucketOf bucket of a distance, which is the key's position minus the query's
 */
public record DistanceBias(PtNDArray table, IntUnaryOperator bucketOf) {

    /**
     * Of attention within a window (Beltagy et al., 2020): nothing is added to the scores of near
     * keys, and those of others do not count.
     *
     * @param scope owner of the table
     * @param reach furthest key before and after a query, in tokens
     */
    public static DistanceBias within(PtNDManager scope, int reach) {
        return new DistanceBias(
                floats(scope, new float[] {0, PackedAttention.MASKED}, 2, 1),
                distance -> Math.abs(distance) <= reach ? 0 : 1);
    }

    /**
     * The bias of texts of one length.
     *
     * @return (1, heads or 1, length, length), a tensor of {@code scope}
     */
    PtNDArray of(PtNDManager scope, int length) {
        long[] index = new long[length * length];
        for (int query = 0; query < length; query++) {
            for (int key = 0; key < length; key++) {
                index[query * length + key] = bucketOf.applyAsInt(key - query);
            }
        }
        PtNDArray ofPairs = rowsAt(table, longs(scope, index, index.length));
        ofPairs.attach(scope);
        PtNDArray ofHeads = transpose(ofPairs, 0, 1);
        return reshape(ofHeads, 1, -1, length, length);
    }
}
