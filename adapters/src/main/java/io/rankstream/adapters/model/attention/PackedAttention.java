package io.rankstream.adapters.model.attention;

import static io.rankstream.adapters.engine.Operations.add;
import static io.rankstream.adapters.engine.Operations.addi;
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
import java.util.Optional;

/**
 * Scaled dot-product attention (Vaswani et al., 2017, eq. 1) within each text of a packed batch,
 * with as many keys as queries or fewer, and with scores that depend on distance or not: by a
 * {@link DistanceBias}, or by {@link DistanceVectors}. Texts are padded here and nowhere else, and
 * only up to the longest of their bucket.
 *
 * <p>Made for one batch; its tensors belong to the scope that it was made with.
 */
public final class PackedAttention {

    /** What is added to a score that is not to count. */
    static final float MASKED = -1e9f;

    private static final DistanceVectors NO_DISTANCES =
            new DistanceVectors(Optional.empty(), Optional.empty());

    /**
     * A bucket's texts.
     *
     * @param bias what is added to scores: what distances say, and a large negative number for
     *     padding; as many dimensions as scores, or of length 1; null where there is nothing
     * @param distances scores by vectors of distances, if there are any
     */
    private record Padded(
            int texts, int length, PtNDArray bias, Optional<DistanceScores> distances) {
        int rows() {
            return texts * length;
        }
    }

    private final AttentionHeads heads;
    private final PtNDArray scale;
    private final List<Padded> buckets;
    private final PaddedRows rows;

    /**
     * Attention by scores alone.
     *
     * @param heads those of a layer
     */
    public PackedAttention(PtNDManager scope, TokenBatch batch, AttentionHeads heads) {
        this(scope, batch, heads, Optional.empty());
    }

    /**
     * Attention.
     *
     * @param heads those of a layer
     * @param distances what is added to scores by distance, if anything
     */
    public PackedAttention(
            PtNDManager scope,
            TokenBatch batch,
            AttentionHeads heads,
            Optional<DistanceBias> distances) {
        this(scope, batch, heads, 1, distances, Optional.empty());
    }

    /**
     * Attention by scores of content and of distances, which are summed.
     *
     * @param heads those of a layer, as many keys as queries
     * @param terms how many products a score is the sum of: it is divided by √(terms · size)
     * @param table how distances are looked up in {@link DistanceVectors}
     */
    public PackedAttention(
            PtNDManager scope,
            TokenBatch batch,
            AttentionHeads heads,
            int terms,
            DistanceTable table) {
        this(scope, batch, heads, terms, Optional.empty(), Optional.of(table));
    }

    private PackedAttention(
            PtNDManager scope,
            TokenBatch batch,
            AttentionHeads heads,
            int terms,
            Optional<DistanceBias> distances,
            Optional<DistanceTable> table) {
        List<Integer> lengths = batch.lengths();
        this.heads = heads;
        this.scale = scalar(scope, 1 / Math.sqrt((double) terms * heads.size()));
        List<AttentionBuckets.Bucket> ofTexts =
                AttentionBuckets.of(lengths, scope.getDevice()).buckets();
        this.buckets =
                ofTexts.stream()
                        .map(bucket -> padded(scope, bucket, lengths, distances, table))
                        .toList();
        this.rows = new PaddedRows(scope, groups(ofTexts, lengths), batch.rows());
    }

    private Padded padded(
            PtNDManager scope,
            AttentionBuckets.Bucket bucket,
            List<Integer> lengths,
            Optional<DistanceBias> distances,
            Optional<DistanceTable> table) {
        int length = bucket.length();
        int size = bucket.texts().size();
        float[] mask = new float[size * length];
        boolean anything = false;
        for (int i = 0; i < size; i++) {
            int tokens = lengths.get(bucket.texts().get(i));
            Arrays.fill(mask, i * length + tokens, (i + 1) * length, MASKED);
            anything |= tokens < length;
        }
        PtNDArray bias = anything ? floats(scope, mask, size, 1, 1, length) : null;
        if (distances.isPresent()) {
            PtNDArray ofDistances = distances.get().of(scope, length);
            bias = bias == null ? ofDistances : add(ofDistances, bias);
        }
        return new Padded(
                size,
                length,
                bias,
                table.map(of -> new DistanceScores(scope, heads, bucket.texts(), length, of)));
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
     * As {@link #context(PtNDArray, PtNDArray, PtNDArray)}, where one layer makes all three.
     *
     * @param queryKeyValue (rows, features of all queries, keys and values), side by side
     */
    public PtNDArray context(PtNDArray queryKeyValue) {
        int keys = heads.keyValues() * heads.size();
        List<PtNDArray> parts =
                split(queryKeyValue, List.of(heads.queries() * heads.size(), keys, keys), 1);
        return context(parts.get(0), parts.get(1), parts.get(2));
    }

    /**
     * Context of every row; what it is for a row that is no text's does not matter.
     *
     * @param query (rows, features of all queries), and so is the result
     * @param key (rows, features of all keys), and so is value
     */
    public PtNDArray context(PtNDArray query, PtNDArray key, PtNDArray value) {
        return context(query, key, value, NO_DISTANCES);
    }

    /**
     * As {@link #context(PtNDArray, PtNDArray, PtNDArray)}, by distances too.
     *
     * @param vectors a layer's
     */
    public PtNDArray context(
            PtNDArray query, PtNDArray key, PtNDArray value, DistanceVectors vectors) {
        List<PtNDArray> queries = ofBuckets(mul(query, scale));
        List<PtNDArray> keys = ofBuckets(key);
        List<PtNDArray> values = ofBuckets(value);
        Optional<PtNDArray> ofKeys = vectors.queries().map(table -> mul(table, scale));
        List<PtNDArray> contexts = new ArrayList<>();
        for (int i = 0; i < buckets.size(); i++) {
            Padded bucket = buckets.get(i);
            PtNDArray q = grouped(bucket, heads(bucket, queries.get(i), heads.queries()));
            PtNDArray k = heads(bucket, keys.get(i), heads.keyValues());
            PtNDArray v = heads(bucket, values.get(i), heads.keyValues());
            PtNDArray scores = alone(bucket, matmul(q, transpose(k, 2, 3)));
            if (vectors.keys().isPresent()) {
                DistanceScores distances = bucket.distances().orElseThrow();
                addi(scores, distances.ofQueries(queries.get(i), vectors.keys().get()));
            }
            if (ofKeys.isPresent()) {
                DistanceScores distances = bucket.distances().orElseThrow();
                addi(scores, distances.ofKeys(keys.get(i), ofKeys.get()));
            }
            if (bucket.bias() != null) {
                scores = add(scores, bucket.bias());
            }
            PtNDArray weights = grouped(bucket, softmax(scores, 3));
            contexts.add(tokens(bucket, alone(bucket, matmul(weights, v))));
        }
        return rows.unpad(rows(contexts));
    }

    private List<PtNDArray> ofBuckets(PtNDArray x) {
        return split(rows.pad(x), buckets.stream().map(Padded::rows).toList());
    }

    /** (tokens, features) as (texts, count, length, features / count). */
    private PtNDArray heads(Padded bucket, PtNDArray tokens, int count) {
        return transpose(
                reshape(tokens, bucket.texts(), bucket.length(), count, heads.size()), 1, 2);
    }

    /** Queries that share a key one below the other: (texts, keys, queries a key · length, any). */
    private PtNDArray grouped(Padded bucket, PtNDArray ofQueries) {
        return heads.areGrouped()
                ? reshape(
                        ofQueries,
                        bucket.texts(),
                        heads.keyValues(),
                        (long) heads.queriesOfKey() * bucket.length(),
                        -1)
                : ofQueries;
    }

    /**
     * What {@link #grouped} has put together, each query's alone: (texts, queries, length, any).
     */
    private PtNDArray alone(Padded bucket, PtNDArray ofKeys) {
        return heads.areGrouped()
                ? reshape(ofKeys, bucket.texts(), heads.queries(), bucket.length(), -1)
                : ofKeys;
    }

    /** (texts, queries, length, size) as (tokens, features). */
    private PtNDArray tokens(Padded bucket, PtNDArray ofHeads) {
        return reshape(
                transpose(ofHeads, 1, 2), bucket.rows(), (long) heads.queries() * heads.size());
    }
}
