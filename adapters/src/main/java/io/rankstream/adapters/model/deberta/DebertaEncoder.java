package io.rankstream.adapters.model.deberta;

import static io.rankstream.adapters.engine.Operations.addi;
import static io.rankstream.adapters.engine.Operations.linear;
import static io.rankstream.adapters.engine.Operations.slice;
import static io.rankstream.adapters.engine.Tensors.rows;
import static io.rankstream.adapters.engine.Tensors.rowsAt;
import static io.rankstream.adapters.engine.Tensors.scope;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.model.BaseNetwork;
import io.rankstream.adapters.model.LinearUpdate;
import io.rankstream.adapters.model.TokenBatch;
import io.rankstream.adapters.model.attention.DistanceTable;
import io.rankstream.adapters.model.attention.DistanceVectors;
import io.rankstream.adapters.model.attention.PackedAttention;
import io.rankstream.adapters.model.encoder.Norm;
import io.rankstream.adapters.model.postnorm.PostNormLayers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * DeBERTa's encoder (He et al., 2021 and 2023) with frozen weights; every linear layer of it can
 * carry an update. Products are counted in the order of {@link DebertaConfig#linearLayers}.
 *
 * <p>A layer's queries and keys of distances are frozen products of one table, so they are computed
 * once. An update of these projections acts on the table too: that is computed in every pass, for
 * each adapter, and only for distances that the pass has.
 */
final class DebertaEncoder implements BaseNetwork {

    /**
     * The frozen projections of all distances in one layer, each (rows, hidden).
     *
     * @param queries what keys of tokens meet
     * @param keys what queries of tokens meet
     */
    private record Projected(PtNDArray queries, PtNDArray keys) {}

    /**
     * The distances of a pass.
     *
     * @param from the first row of the table that it needs
     * @param rows how many it needs
     * @param adapters how many tables there are, one below the other
     * @param vectors (adapters · rows, hidden)
     */
    private record PassDistances(int from, int rows, int adapters, PtNDArray vectors) {}

    /** Where queries and keys are among the linear layers of one encoder layer. */
    private static final int QUERY = 0;

    private static final int KEY = 1;

    private final DebertaConfig config;
    private final Products products;
    private final PtNDArray words;
    private final Optional<PtNDArray> positions;
    private final Optional<PtNDArray> types;
    private final Norm norm;
    private final PtNDArray distances;
    private final List<Projected> projected;
    private final Optional<Neighbours> convolution;
    private final PostNormLayers layers;

    /**
     * @param tensors its tensors by name, on its device
     * @param products how its frozen layers multiply
     */
    DebertaEncoder(DebertaConfig config, Map<String, PtNDArray> tensors, Products products) {
        this.config = config;
        this.products = products;
        float epsilon = config.sizes().layerNormEpsilon();
        this.words = tensors.get(DebertaConfig.WORDS + ".weight");
        this.positions = Optional.ofNullable(tensors.get(DebertaConfig.POSITIONS + ".weight"));
        this.types = Optional.ofNullable(tensors.get(DebertaConfig.TYPES + ".weight"));
        this.norm = Norm.of(tensors, DebertaConfig.EMBEDDING_NORM, epsilon);
        PtNDArray table = tensors.get(DebertaConfig.DISTANCES + ".weight");
        this.distances =
                config.normalizesDistances()
                        ? Norm.of(tensors, DebertaConfig.DISTANCE_NORM, epsilon).forward(table)
                        : table;
        this.projected =
                IntStream.range(0, config.layers())
                        .mapToObj(DebertaFamily.LAYER::linearLayers)
                        .map(
                                names ->
                                        new Projected(
                                                projected(tensors, names.get(QUERY)),
                                                projected(tensors, names.get(KEY))))
                        .toList();
        this.convolution =
                config.convolution().map(of -> Neighbours.of(of, tensors, epsilon, products));
        this.layers = new PostNormLayers(config.sizes(), DebertaFamily.LAYER, tensors, products);
    }

    private PtNDArray projected(Map<String, PtNDArray> tensors, String layer) {
        return linear(distances, tensors.get(layer + ".weight"), tensors.get(layer + ".bias"));
    }

    @Override
    public PtNDArray forward(TokenBatch batch, LinearUpdate update) {
        PtNDManager pass = batch.ids().getManager();
        PassDistances inPass = distances(pass, batch, update);
        PackedAttention attention =
                new PackedAttention(
                        pass,
                        batch,
                        config.sizes().attentionHeads(),
                        config.terms(),
                        new DistanceTable(
                                inPass.rows(),
                                distance -> config.distances().rowOf(distance) - inPass.from(),
                                adapterOfTexts(batch, update)));
        PtNDArray embedded = embed(batch);
        Optional<PtNDArray> convolved = convolution.map(of -> of.convolved(batch, embedded));
        PtNDArray x = embedded;
        for (int i = 0; i < config.layers(); i++) {
            // What a layer computes is freed with it, unless a gradient will need it.
            try (PtNDManager scope = scope(pass)) {
                x.attach(scope);
                DistanceVectors vectors = vectors(scope, i, inPass, update);
                x =
                        layers.forward(
                                i,
                                x,
                                (query, key, value) ->
                                        attention.context(query, key, value, vectors),
                                update);
                if (i == 0 && convolved.isPresent()) {
                    x = convolution.orElseThrow().added(convolved.get(), x);
                }
                x.attach(pass);
            }
        }
        return slice(x, 0, 0, batch.tokens());
    }

    @Override
    public Optional<Pooler> pooler() {
        return Optional.empty();
    }

    /** Rows of the table that the longest text needs, for each adapter. */
    private PassDistances distances(PtNDManager pass, TokenBatch batch, LinearUpdate update) {
        int furthest = Collections.max(batch.lengths()) - 1;
        int from = config.distances().rowOf(-furthest);
        int rows = config.distances().rowOf(furthest) + 1 - from;
        int adapters = Math.max(1, update.tokens().size());
        return new PassDistances(
                from, rows, adapters, ofAdapters(pass, distances, from, rows, adapters));
    }

    /** Some rows of a table, once for each adapter. */
    private static PtNDArray ofAdapters(
            PtNDManager scope, PtNDArray table, int from, int rows, int adapters) {
        PtNDArray part = slice(table, 0, from, from + rows);
        part.attach(scope);
        return rows(Collections.nCopies(adapters, part));
    }

    private static List<Integer> adapterOfTexts(TokenBatch batch, LinearUpdate update) {
        List<Integer> adapters = new ArrayList<>();
        List<Integer> tokens = update.tokens();
        int adapter = 0;
        int left = tokens.isEmpty() ? batch.tokens() : tokens.get(0);
        for (int length : batch.lengths()) {
            if (left == 0) {
                adapter++;
                left = tokens.get(adapter);
            }
            adapters.add(adapter);
            left -= length;
        }
        return adapters;
    }

    private PtNDArray embed(TokenBatch batch) {
        PtNDArray sum = rowsAt(words, batch.ids());
        positions.ifPresent(
                table ->
                        addi(
                                sum,
                                rowsAt(
                                        table,
                                        batch.perToken(
                                                text ->
                                                        LongStream.range(0, text.length)
                                                                .toArray()))));
        types.ifPresent(table -> addi(sum, rowsAt(table, batch.types())));
        return norm.forward(sum);
    }

    /** Queries and keys of distances, which the updates of these projections act on as well. */
    private DistanceVectors vectors(
            PtNDManager scope, int layer, PassDistances inPass, LinearUpdate update) {
        PtNDArray table = inPass.vectors();
        PtNDManager pass = table.getManager();
        table.attach(scope);
        LinearUpdate.Input input =
                update.input(
                        products.operand(table),
                        Collections.nCopies(inPass.adapters(), inPass.rows()));
        int first = layer * config.family().modules().size();
        Projected frozen = projected.get(layer);
        DistanceVectors vectors =
                new DistanceVectors(
                        config.contentToPosition()
                                ? Optional.of(
                                        update.apply(
                                                first + KEY,
                                                input,
                                                ofAdapters(scope, frozen.keys(), inPass)))
                                : Optional.empty(),
                        config.positionToContent()
                                ? Optional.of(
                                        update.apply(
                                                first + QUERY,
                                                input,
                                                ofAdapters(scope, frozen.queries(), inPass)))
                                : Optional.empty());
        table.attach(pass);
        return vectors;
    }

    private static PtNDArray ofAdapters(PtNDManager scope, PtNDArray table, PassDistances inPass) {
        return ofAdapters(scope, table, inPass.from(), inPass.rows(), inPass.adapters());
    }
}
