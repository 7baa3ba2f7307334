package io.rankstream.job.batch;

import io.rankstream.job.encode.EncodedInput;
import java.util.List;

/**
 * Inputs that an adapter shall say something of, as it is when their turn comes.
 *
 * @param adapterId the adapter
 * @param inputs in order of arrival, at least one
 */
public record PredictionRequest(String adapterId, List<EncodedInput> inputs)
        implements BundledWork {

    public PredictionRequest {
        inputs = List.copyOf(inputs);
    }

    @Override
    public int tokens() {
        return inputs.stream().mapToInt(input -> input.tokens().count()).sum();
    }
}
