package io.rankstream.adapters.model.attention;

import static io.rankstream.adapters.engine.Operations.add;
import static io.rankstream.adapters.engine.Operations.matmul;
import static io.rankstream.adapters.engine.Operations.mul;
import static io.rankstream.adapters.engine.Operations.reshape;
import static io.rankstream.adapters.engine.Operations.softmax;
import static io.rankstream.adapters.engine.Operations.transpose;
import static io.rankstream.adapters.engine.Tensors.floats;
import static io.rankstream.adapters.engine.Tensors.rows;
import static io.rankstream.adapters.engine.Tensors.scalar;
import static io.rankstream.adapters.engine.Tensors.split;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.PaddedRows;
import io.rankstream.adapters.model.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Scaled dot-product attention (Vaswani et al., 2017, eq. 1) within each text of a packed batch.
 * Texts are padded here and nowhere else, and only up to the longest of their bucket.
 *
 * <p>Made for one batch; its tensors belong to the scope that it was made with.
 */
public final class PackedAttention {

    private static final float MASKED = -1e9f;

    /**
     * A bucket's texts.
     *
     * @param bias 0 for a token, a large negative number for padding, (texts, 1, 1, length); null
     *     when nothing is padded
     */
    private record Padded(int texts, int length, PtNDArray bias) {
        int rows() {
            return texts * length;
        }
    }

    private final int heads;
    private final int headSize;
    private final PtNDArray scale;
    private final List<Padded> buckets;
    private final PaddedRows rows;

    /**
     * @param heads attention heads of a layer
     * @param headSize features of one
     */
    public PackedAttention(PtNDManager scope, TokenBatch batch, int heads, int headSize) {
        List<Integer> lengths = batch.lengths();
        this.heads = heads;
        this.headSize = headSize;
        this.scale = scalar(scope, 1 / Math.sqrt(headSize));
        List<AttentionBuckets.Bucket> ofTexts =
                AttentionBuckets.of(lengths, scope.getDevice()).buckets();
        this.buckets = ofTexts.stream().map(bucket -> padded(scope, bucket, lengths)).toList();
        this.rows = new PaddedRows(scope, groups(ofTexts, lengths), batch.rows());
    }

    private static Padded padded(
            PtNDManager scope, AttentionBuckets.Bucket bucket, List<Integer> lengths) {
        int length = bucket.length();
        int size = bucket.texts().size();
        float[] bias = new float[size * length];
        boolean anything = false;
        for (int i = 0; i < size; i++) {
            int tokens = lengths.get(bucket.texts().get(i));
            Arrays.fill(bias, i * length + tokens, (i + 1) * length, MASKED);
            anything |= tokens < length;
        }
        return new Padded(size, length, anything ? floats(scope, bias, size, 1, 1, length) : null);
    }

    private static List<PaddedRows.Group> groups(
            List<AttentionBuckets.Bucket> buckets, List<Integer> lengths) {
        long[] firsts = new long[lengths.size()];
        for (int text = 1; text < firsts.length; text++) {
            firsts[text] = firsts[text - 1] + lengths.get(text - 1);
        }
        List<PaddedRows.Group> groups = new ArrayList<>();
        for (AttentionBuckets.Bucket bucket : buckets) {
            for (int text : bucket.texts()) {
                groups.add(new PaddedRows.Group(firsts[text], lengths.get(text), bucket.length()));
            }
        }
        return groups;
    }

    /**
     * Context of every row; what it is for a row that is no text's does not matter.
     *
     * @param query (rows, hidden), and so are key, value and the result
     */
    public PtNDArray context(PtNDArray query, PtNDArray key, PtNDArray value) {
        List<PtNDArray> queries = ofBuckets(mul(query, scale));
        List<PtNDArray> keys = ofBuckets(key);
        List<PtNDArray> values = ofBuckets(value);
        List<PtNDArray> contexts = new ArrayList<>();
        for (int i = 0; i < buckets.size(); i++) {
            Padded bucket = buckets.get(i);
            PtNDArray q = heads(bucket, queries.get(i));
            PtNDArray k = heads(bucket, keys.get(i));
            PtNDArray v = heads(bucket, values.get(i));
            PtNDArray scores = matmul(q, transpose(k, 2, 3));
            if (bucket.bias() != null) {
                scores = add(scores, bucket.bias());
            }
            contexts.add(tokens(bucket, matmul(softmax(scores, 3), v)));
        }
        return rows.unpad(rows(contexts));
    }

    private List<PtNDArray> ofBuckets(PtNDArray x) {
        return split(rows.pad(x), buckets.stream().map(Padded::rows).toList());
    }

    /** (tokens, hidden) as (texts, heads, length, hidden / heads). */
    private PtNDArray heads(Padded bucket, PtNDArray tokens) {
        long[] shape = {bucket.texts(), bucket.length(), heads, headSize};
        return transpose(reshape(tokens, shape), 1, 2);
    }

    /** (texts, heads, length, hidden / heads) as (tokens, hidden). */
    private PtNDArray tokens(Padded bucket, PtNDArray ofHeads) {
        return reshape(
                transpose(ofHeads, 1, 2), new long[] {bucket.rows(), (long) heads * headSize});
    }
}
