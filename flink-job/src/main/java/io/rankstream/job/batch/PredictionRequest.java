package io.rankstream.job.batch;

import java.util.List;

/**
 * Texts that an adapter shall say something of, as it is when their turn comes.
 *
 * @param adapterId the adapter
 * @param texts in order of arrival, at least one
 */
public record PredictionRequest(String adapterId, List<UnlabeledText> texts)
        implements BundledWork {

    public PredictionRequest {
        texts = List.copyOf(texts);
    }

    @Override
    public int tokens() {
        return texts.stream().mapToInt(text -> text.tokens().ids().length).sum();
    }
}
