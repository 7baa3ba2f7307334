package io.rankstream.adapters.model;

import static io.rankstream.adapters.engine.Tensors.longs;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.model.attention.AttentionBuckets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Texts as token ids, packed: one row a token, text after text, and in the end a few rows that are
 * no text's, for a count that {@link Products#roundedUp} gives. Tensors belong to the scope that it
 * was made with.
 *
 * @param texts token ids of each text; never modified
 * @param seconds of each text, where its tokens of the second type begin; its length where it has
 *     none
 * @param ids token ids, (rows)
 */
public record TokenBatch(List<int[]> texts, List<Integer> seconds, PtNDArray ids) {

    public TokenBatch {
        texts = List.copyOf(texts);
        seconds = List.copyOf(seconds);
    }

    /** A batch of {@code texts}, each with at least one token. */
    public static TokenBatch of(PtNDManager scope, List<int[]> texts) {
        return of(scope, texts, texts.stream().map(text -> text.length).toList());
    }

    /**
     * A batch of texts and pairs.
     *
     * @param seconds of each text, where its tokens of the second type begin
     */
    public static TokenBatch of(PtNDManager scope, List<int[]> texts, List<Integer> seconds) {
        int tokens = texts.stream().mapToInt(text -> text.length).sum();
        return new TokenBatch(
                texts,
                seconds,
                perToken(
                        scope,
                        texts,
                        text -> Arrays.stream(text).asLongStream().toArray(),
                        Products.roundedUp(tokens)));
    }

    /**
     * A number for each token, and 0 for each row that is no text's.
     *
     * @param ofText numbers of a text's tokens
     * @return (rows)
     */
    public PtNDArray perToken(Function<int[], long[]> ofText) {
        return perToken(ids.getManager(), texts, ofText, rows());
    }

    private static PtNDArray perToken(
            PtNDManager scope, List<int[]> texts, Function<int[], long[]> ofText, int rows) {
        long[] values = new long[rows];
        int row = 0;
        for (int[] text : texts) {
            System.arraycopy(ofText.apply(text), 0, values, row, text.length);
            row += text.length;
        }
        return longs(scope, values, rows);
    }

    /** Whether a text has tokens of the second type. */
    public boolean hasSecondType() {
        return IntStream.range(0, texts.size()).anyMatch(i -> seconds.get(i) < texts.get(i).length);
    }

    /** Type of each token, 0 or 1, (rows). */
    public PtNDArray types() {
        long[] types = new long[rows()];
        int row = 0;
        for (int i = 0; i < texts.size(); i++) {
            int length = texts.get(i).length;
            Arrays.fill(types, row + seconds.get(i), row + length, 1);
            row += length;
        }
        return longs(ids.getManager(), types, types.length);
    }

    /** Tokens of each text. */
    public List<Integer> lengths() {
        return texts.stream().map(text -> text.length).toList();
    }

    /**
     * Tokens that attention computes for each text, padding included; every other layer computes
     * the text's own alone, and the batch's last few rows.
     */
    public List<Integer> paddedLengths() {
        return AttentionBuckets.of(lengths(), ids.getDevice()).paddedLengths();
    }

    /** Rows to compute: the tokens of all texts, and a few more. */
    public int rows() {
        return (int) ids.size();
    }

    /** Tokens of all texts. */
    public int tokens() {
        return texts.stream().mapToInt(text -> text.length).sum();
    }
}
