package io.rankstream.adapters.model;

import static io.rankstream.adapters.engine.Tensors.longs;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.model.attention.AttentionBuckets;
import java.util.List;

/**
 * Texts as token ids, packed: one row a token, text after text, and in the end a few rows that are
 * no text's, for a count that {@link Products#roundedUp} gives. Tensors belong to the scope that it
 * was made with.
 *
 * @param lengths tokens of each text
 * @param ids token ids, (rows)
 * @param positions place of each token in its text, (rows)
 */
public record TokenBatch(List<Integer> lengths, PtNDArray ids, PtNDArray positions) {

    public TokenBatch {
        lengths = List.copyOf(lengths);
    }

    /** A batch of {@code texts}, each with at least one token. */
    public static TokenBatch of(PtNDManager scope, List<int[]> texts) {
        int tokens = texts.stream().mapToInt(text -> text.length).sum();
        int rows = Products.roundedUp(tokens);
        long[] ids = new long[rows];
        long[] positions = new long[rows];
        int row = 0;
        for (int[] text : texts) {
            for (int i = 0; i < text.length; i++) {
                ids[row] = text[i];
                positions[row++] = i;
            }
        }
        return new TokenBatch(
                texts.stream().map(text -> text.length).toList(),
                longs(scope, ids, rows),
                longs(scope, positions, rows));
    }

    /**
     * Tokens that attention computes for each text, padding included; every other layer computes
     * the text's own alone, and the batch's last few rows.
     */
    public List<Integer> paddedLengths() {
        return AttentionBuckets.of(lengths, ids.getDevice()).paddedLengths();
    }

    /** Rows to compute: the tokens of all texts, and a few more. */
    public int rows() {
        return (int) ids.size();
    }

    /** Tokens of all texts. */
    public int tokens() {
        return lengths.stream().mapToInt(Integer::intValue).sum();
    }
}
