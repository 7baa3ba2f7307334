package io.rankstream.adapters.model;

import static ai.djl.pytorch.jni.JniUtils.add;
import static ai.djl.pytorch.jni.JniUtils.matmul;
import static ai.djl.pytorch.jni.JniUtils.mul;
import static ai.djl.pytorch.jni.JniUtils.reshape;
import static ai.djl.pytorch.jni.JniUtils.softmax;
import static ai.djl.pytorch.jni.JniUtils.transpose;
import static io.rankstream.adapters.tensor.Tensors.floats;
import static io.rankstream.adapters.tensor.Tensors.rows;
import static io.rankstream.adapters.tensor.Tensors.scalar;
import static io.rankstream.adapters.tensor.Tensors.split;
import static io.rankstream.adapters.tensor.Tensors.zeros;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Scaled dot-product attention (Vaswani et al., 2017, eq. 1) within each text of a packed batch.
 * Texts are padded here and nowhere else, and only up to the longest of their bucket.
 *
 * <p>Made for one batch; its tensors belong to the scope that it was made with.
 */
final class PackedAttention {

    private static final float MASKED = -1e9f;

    /**
     * A bucket's texts.
     *
     * @param padding rows of zeros behind each text; null where a text fills the bucket
     * @param bias 0 for a token, a large negative number for padding, (texts, 1, 1, length); null
     *     when nothing is padded
     */
    private record Padded(
            AttentionBuckets.Bucket bucket, List<PtNDArray> padding, PtNDArray bias) {}

    private final List<Integer> lengths;
    private final int heads;
    private final int headSize;
    private final PtNDArray scale;
    private final List<Padded> buckets;

    PackedAttention(PtNDManager scope, List<Integer> lengths, BertConfig config) {
        this.lengths = lengths;
        this.heads = config.heads();
        this.headSize = config.hiddenSize() / heads;
        this.scale = scalar(scope, 1 / Math.sqrt(headSize));
        this.buckets =
                AttentionBuckets.of(lengths).buckets().stream()
                        .map(bucket -> padded(scope, bucket, config.hiddenSize()))
                        .toList();
    }

    private Padded padded(PtNDManager scope, AttentionBuckets.Bucket bucket, int hidden) {
        int length = bucket.length();
        int size = bucket.texts().size();
        List<PtNDArray> padding = new ArrayList<>();
        float[] bias = new float[size * length];
        boolean anything = false;
        for (int i = 0; i < size; i++) {
            int tokens = lengths.get(bucket.texts().get(i));
            Arrays.fill(bias, i * length + tokens, (i + 1) * length, MASKED);
            padding.add(tokens == length ? null : zeros(scope, length - tokens, hidden));
            anything |= tokens < length;
        }
        return new Padded(
                bucket, padding, anything ? floats(scope, bias, size, 1, 1, length) : null);
    }

    /**
     * Context of every token.
     *
     * @param query (tokens, hidden), and so are key, value and the result
     */
    PtNDArray context(PtNDArray query, PtNDArray key, PtNDArray value) {
        List<PtNDArray> queries = split(mul(query, scale), lengths);
        List<PtNDArray> keys = split(key, lengths);
        List<PtNDArray> values = split(value, lengths);
        PtNDArray[] contexts = new PtNDArray[lengths.size()];
        for (Padded padded : buckets) {
            PtNDArray q = heads(padded, queries);
            PtNDArray k = heads(padded, keys);
            PtNDArray v = heads(padded, values);
            PtNDArray scores = matmul(q, transpose(k, 2, 3));
            if (padded.bias() != null) {
                scores = add(scores, padded.bias());
            }
            unpad(padded, matmul(softmax(scores, 3, DataType.FLOAT32), v), contexts);
        }
        return rows(Arrays.asList(contexts));
    }

    /** The bucket's texts as (texts, heads, length, hidden / heads). */
    private PtNDArray heads(Padded padded, List<PtNDArray> ofTexts) {
        List<Integer> texts = padded.bucket().texts();
        List<PtNDArray> parts = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            parts.add(ofTexts.get(texts.get(i)));
            if (padded.padding().get(i) != null) {
                parts.add(padded.padding().get(i));
            }
        }
        long[] shape = {texts.size(), padded.bucket().length(), heads, headSize};
        return transpose(reshape(rows(parts), shape), 1, 2);
    }

    /** Puts each text's rows of {@code context} where the text stands in the batch. */
    private void unpad(Padded padded, PtNDArray context, PtNDArray[] contexts) {
        int length = padded.bucket().length();
        List<Integer> texts = padded.bucket().texts();
        PtNDArray all =
                reshape(
                        transpose(context, 1, 2),
                        new long[] {(long) texts.size() * length, (long) heads * headSize});
        List<Integer> sizes = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        for (int text : texts) {
            int tokens = lengths.get(text);
            sizes.add(tokens);
            owners.add(text);
            if (tokens < length) {
                sizes.add(length - tokens);
                owners.add(-1);
            }
        }
        List<PtNDArray> parts = split(all, sizes);
        for (int i = 0; i < parts.size(); i++) {
            if (owners.get(i) >= 0) {
                contexts[owners.get(i)] = parts.get(i);
            }
        }
    }
}
