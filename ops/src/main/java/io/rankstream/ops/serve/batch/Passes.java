package io.rankstream.ops.serve.batch;

import io.rankstream.adapters.tokens.Tokens;
import java.util.List;

/**
 * Computes what adapters say.
 *
 * @param <A> an adapter
 */
@FunctionalInterface
public interface Passes<A> {

    /**
     * Texts of an adapter.
     *
     * @param texts at least one
     * @param <A> an adapter
     */
    record Part<A>(A adapter, List<Tokens> texts) {

        public Part {
            texts = List.copyOf(texts);
        }
    }

    /**
     * What is said of texts.
     *
     * @param parts of different adapters
     * @return a row a text for each part, in their order
     */
    List<float[][]> answer(List<Part<A>> parts);
}
