package io.rankstream.job.mapping;

import java.util.List;

/**
 * What a JSON document says that another model has said of an input.
 *
 * @param version version of that model
 * @param labels labels that it knows, at least one
 * @param probabilities probability of each, from 0 to 1, in their order
 */
public record MappedPrediction(String version, List<String> labels, List<Float> probabilities) {

    public MappedPrediction {
        labels = List.copyOf(labels);
        probabilities = List.copyOf(probabilities);
    }
}
