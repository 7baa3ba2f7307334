package io.rankstream.adapters.model.attention;

import static io.rankstream.adapters.engine.Operations.bmm;
import static io.rankstream.adapters.engine.Operations.matmul;
import static io.rankstream.adapters.engine.Operations.reshape;
import static io.rankstream.adapters.engine.Operations.slice;
import static io.rankstream.adapters.engine.Operations.transpose;
import static io.rankstream.adapters.engine.Tensors.longs;
import static io.rankstream.adapters.engine.Tensors.rowsAt;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.List;

/**
 * Scores of one bucket's tokens by distances. Every distance of the bucket, 2 · length − 1 of them,
 * gets a row of its own, in the order in which neighbouring pairs of tokens need them: a product
 * with all of them then holds the score of each pair, and a view on it is the scores.
 */
final class DistanceScores {

    private final AttentionHeads heads;
    private final int texts;
    private final int length;
    private final boolean shared;
    private final PtNDArray falling;
    private final PtNDArray rising;

    /**
     * @param scope owner of the tensors made here
     * @param texts of the bucket, their places in the batch
     * @param length tokens of each, padding included
     */
    DistanceScores(
            PtNDManager scope,
            AttentionHeads heads,
            List<Integer> texts,
            int length,
            DistanceTable table) {
        this.heads = heads;
        this.texts = texts.size();
        this.length = length;
        this.shared = table.isShared(texts);
        List<Integer> tables =
                texts.stream().limit(shared ? 1 : this.texts).map(table.tables()::get).toList();
        this.falling = rows(scope, tables, table, -1);
        this.rising = rows(scope, tables, table, 1);
    }

    /** Rows of the distances from the least on, or from the largest if {@code sign} is -1. */
    private PtNDArray rows(PtNDManager scope, List<Integer> tables, DistanceTable table, int sign) {
        int distances = 2 * length - 1;
        long[] rows = new long[tables.size() * distances];
        for (int i = 0; i < rows.length; i++) {
            int distance = sign * (i % distances - length + 1);
            rows[i] =
                    (long) tables.get(i / distances) * table.rows()
                            + table.rowOf().applyAsInt(distance);
        }
        return longs(scope, rows, rows.length);
    }

    /**
     * What queries make of distances.
     *
     * @param query (tokens of the bucket, features)
     * @param keys tables of {@link DistanceVectors}
     * @return (texts, heads, length, length)
     */
    PtNDArray ofQueries(PtNDArray query, PtNDArray keys) {
        return scores(query, keys, falling);
    }

    /**
     * What keys make of distances.
     *
     * @param key (tokens of the bucket, features)
     * @param queries tables of {@link DistanceVectors}
     * @return (texts, heads, length, length)
     */
    PtNDArray ofKeys(PtNDArray key, PtNDArray queries) {
        return transpose(scores(key, queries, rising), 2, 3);
    }

    /** Scores by the token that is given and the other one. */
    private PtNDArray scores(PtNDArray tokens, PtNDArray tables, PtNDArray order) {
        PtNDArray vectors = rowsAt(tables, order);
        vectors.attach(tokens.getManager());
        return shared ? ofOneTable(tokens, vectors) : ofSeveral(tokens, vectors);
    }

    /** Heads first: then the texts of the bucket are one matrix. */
    private PtNDArray ofOneTable(PtNDArray tokens, PtNDArray vectors) {
        PtNDArray products = bmm(byHead(tokens), transpose(byHead(vectors), 1, 2));
        return transpose(ofPairs(products, heads.queries(), texts), 0, 1);
    }

    private PtNDArray byHead(PtNDArray x) {
        return transpose(reshape(x, -1, heads.queries(), heads.size()), 0, 1);
    }

    private PtNDArray ofSeveral(PtNDArray tokens, PtNDArray vectors) {
        PtNDArray products = matmul(byText(tokens), transpose(byText(vectors), 2, 3));
        return ofPairs(products, texts, heads.queries());
    }

    private PtNDArray byText(PtNDArray x) {
        return transpose(reshape(x, texts, -1, heads.queries(), heads.size()), 1, 2);
    }

    /**
     * Of a product with all distances, those between tokens of the text: row i begins with the
     * distance to a token length − 1 before the first, and i of these steps further on its own text
     * begins. Rows that are one shorter than they are begin where they should.
     *
     * @param products (…, 2 · length − 1)
     * @return (first, second, length, length)
     */
    private PtNDArray ofPairs(PtNDArray products, long first, long second) {
        if (length == 1) {
            return reshape(products, first, second, 1, 1);
        }
        long distances = 2L * length - 1;
        PtNDArray flat = reshape(products, first, second, length * distances);
        PtNDArray begun = slice(flat, 2, length - 1, length - 1 + length * (distances - 1));
        PtNDArray shifted = reshape(begun, first, second, length, distances - 1);
        return slice(shifted, 3, 0, length);
    }
}
