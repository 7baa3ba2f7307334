package io.rankstream.ops.serve.batch;

import io.rankstream.adapters.tokens.Tokens;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Texts that somebody waits for an answer to.
 *
 * @param adapter who is asked
 * @param texts at least one
 * @param answer gets a row a text; a question whose answer is not wanted any more is passed by
 * @param end called once when the adapter is not used for it any more, whatever came of it
 * @param <A> an adapter
 */
public record Question<A>(
        A adapter, List<Tokens> texts, CompletableFuture<float[][]> answer, Runnable end) {

    public Question {
        texts = List.copyOf(texts);
    }
}
