package io.rankstream.adapters.model.attention;

import static io.rankstream.adapters.engine.Operations.reshape;
import static io.rankstream.adapters.engine.Operations.transpose;
import static io.rankstream.adapters.engine.Tensors.longs;
import static io.rankstream.adapters.engine.Tensors.rowsAt;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.function.IntUnaryOperator;

/**
 * What a head adds to its scores by how far a key is from its query (Raffel et al., 2020).
 *
 * @param table a number for each bucket of distances and each head, (buckets, heads)
 * @param bucketOf bucket of a distance, which is the key's position minus the query's
 */
public record DistanceBias(PtNDArray table, IntUnaryOperator bucketOf) {

    /**
     * The bias of texts of one length.
     *
     * @return (1, heads, length, length), a tensor of {@code scope}
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
