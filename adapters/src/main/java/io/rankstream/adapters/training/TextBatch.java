package io.rankstream.adapters.training;

import java.util.List;

/**
 * Texts that an adapter says something of.
 *
 * @param texts token ids with the special tokens, at least one text; never modified
 */
public record TextBatch(ResidentAdapter adapter, List<int[]> texts) {

    public TextBatch {
        texts = List.copyOf(texts);
    }
}
