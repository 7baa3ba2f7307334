package io.rankstream.adapters.training;

import java.util.List;

/**
 * A micro-batch and the adapter that learns from it.
 *
 * @param adapter an adapter of the learner that trains
 * @param examples at least one example
 */
public record AdapterBatch(ResidentAdapter adapter, List<TrainingExample> examples) {

    public AdapterBatch {
        examples = List.copyOf(examples);
    }

    /** Tokens that its step takes through the model: those of kept examples are among them. */
    public int tokens() {
        return examples.stream().mapToInt(TrainingExample::count).sum()
                + adapter.device().replay(examples.size()).tokens();
    }
}
