package io.rankstream.adapters.model;

import static io.rankstream.adapters.tensor.Tensors.floats;
import static io.rankstream.adapters.tensor.Tensors.longs;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.List;

/**
 * Texts as token ids, padded to the longest of them. Tensors belong to the scope that it was made
 * with.
 *
 * @param size texts
 * @param length tokens of the longest text
 * @param tokens tokens of all texts, without padding
 * @param ids token ids, (size, length)
 * @param real 1 for a token, 0 for padding, (size, length, 1); null when nothing is padded
 * @param attentionBias 0 for a token, a large negative number for padding, (size, 1, 1, length);
 *     null when nothing is padded
 */
public record TokenBatch(
        int size, int length, int tokens, PtNDArray ids, PtNDArray real, PtNDArray attentionBias) {

    private static final float MASKED = -1e9f;

    /** A batch of {@code texts}, each with at least one token. */
    public static TokenBatch of(PtNDManager scope, List<int[]> texts) {
        int size = texts.size();
        int length = texts.stream().mapToInt(t -> t.length).max().orElseThrow();
        int tokens = texts.stream().mapToInt(t -> t.length).sum();
        long[] ids = new long[size * length];
        float[] real = new float[size * length];
        float[] bias = new float[size * length];
        for (int i = 0; i < size; i++) {
            int[] text = texts.get(i);
            for (int j = 0; j < length; j++) {
                int at = i * length + j;
                boolean isToken = j < text.length;
                ids[at] = isToken ? text[j] : 0;
                real[at] = isToken ? 1f : 0f;
                bias[at] = isToken ? 0f : MASKED;
            }
        }
        boolean padded = tokens < size * length;
        return new TokenBatch(
                size,
                length,
                tokens,
                longs(scope, ids, size, length),
                padded ? floats(scope, real, size, length, 1) : null,
                padded ? floats(scope, bias, size, 1, 1, length) : null);
    }
}
