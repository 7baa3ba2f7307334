package io.rankstream.job.batch;

import io.rankstream.job.encode.EncodedExample;
import java.util.List;

/**
 * Examples of one adapter that are trained on in one optimizer step.
 *
 * @param adapterId the adapter
 * @param examples in order of arrival, at least one
 */
public record MicroBatch(String adapterId, List<EncodedExample> examples) implements BundledWork {

    public MicroBatch {
        examples = List.copyOf(examples);
    }

    @Override
    public int tokens() {
        return examples.stream().mapToInt(example -> example.tokens().count()).sum();
    }
}
