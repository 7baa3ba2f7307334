package io.rankstream.adapters.training;

import io.rankstream.adapters.tokens.Tokens;
import java.util.List;

/**
 * Texts that an adapter says something of.
 *
 * @param texts texts and pairs, at least one
 */
public record TextBatch(ResidentAdapter adapter, List<Tokens> texts) {

    public TextBatch {
        texts = List.copyOf(texts);
    }
}
