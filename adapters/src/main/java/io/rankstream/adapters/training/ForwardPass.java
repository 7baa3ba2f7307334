package io.rankstream.adapters.training;

import static io.rankstream.adapters.engine.Tensors.scope;
import static io.rankstream.adapters.engine.Tensors.split;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.Alike;
import io.rankstream.adapters.engine.LikeSizes;
import io.rankstream.adapters.method.TripletBank;
import io.rankstream.adapters.model.TokenBatch;
import io.rankstream.adapters.tokens.Tokens;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Forward passes through the base model without a graph, for texts of one adapter or several.
 * Nothing in an adapter changes, unless the reader changes it.
 */
final class ForwardPass {

    /**
     * An adapter's part of a pass.
     *
     * @param texts texts and pairs, at least one
     */
    record Part<A extends Speaker>(A adapter, List<Tokens> texts) {

        int tokens() {
            return texts.stream().mapToInt(Tokens::count).sum();
        }
    }

    /** What is made of the token vectors of a part, text after text, (tokens, hidden). */
    @FunctionalInterface
    interface Reader<A, T> {
        T read(A adapter, PtNDManager scope, PtNDArray vectors, List<Tokens> texts);
    }

    private ForwardPass() {}

    /** Logits of every part, a row a text; see {@link DeviceAdapter#logits}. */
    static List<float[][]> logits(
            EngineRuntime.LoadedModel model, List<Part<DeviceAdapter>> parts) {
        return read(model, parts, DeviceAdapter::logits);
    }

    /**
     * What is made of every part. Adapters of equal modules and rank share passes.
     *
     * @param parts of different adapters
     */
    static <A extends Speaker, T> List<T> read(
            EngineRuntime.LoadedModel model, List<Part<A>> parts, Reader<A, T> reader) {
        Map<A, T> found = new HashMap<>();
        for (List<Part<A>> alike : Alike.groups(parts, ForwardPass::areLaidOutAlike)) {
            for (List<Part<A>> together : LikeSizes.split(alike, Part::tokens, Bundle.ROWS)) {
                List<T> read = pass(model, together, reader);
                for (int i = 0; i < read.size(); i++) {
                    found.put(together.get(i).adapter(), read.get(i));
                }
            }
        }
        return parts.stream().map(part -> found.get(part.adapter())).toList();
    }

    private static boolean areLaidOutAlike(Part<?> one, Part<?> other) {
        return one.adapter().speech().layout().equals(other.adapter().speech().layout());
    }

    private static <A extends Speaker, T> List<T> pass(
            EngineRuntime.LoadedModel model, List<Part<A>> parts, Reader<A, T> reader) {
        try (PtNDManager scope = scope(model.manager())) {
            List<Tokens> windows =
                    parts.stream()
                            .flatMap(part -> part.texts().stream())
                            .flatMap(text -> text.windows().stream())
                            .toList();
            TokenBatch batch =
                    TokenBatch.of(
                            scope,
                            windows.stream().map(Tokens::ids).toList(),
                            windows.stream().map(Tokens::second).toList());
            TripletBank bank =
                    parts.get(0)
                            .adapter()
                            .speech()
                            .bank(
                                    scope,
                                    parts.stream()
                                            .map(
                                                    part ->
                                                            part.adapter()
                                                                    .speech()
                                                                    .inPass(part.tokens()))
                                            .toList(),
                                    0);
            PtNDArray tokens = model.network().forward(batch, bank);
            List<PtNDArray> vectors = split(tokens, parts.stream().map(Part::tokens).toList());
            List<T> read = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                Part<A> part = parts.get(i);
                read.add(reader.read(part.adapter(), scope, vectors.get(i), part.texts()));
            }
            return read;
        }
    }
}
