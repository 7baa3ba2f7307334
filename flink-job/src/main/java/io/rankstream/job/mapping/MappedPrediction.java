package io.rankstream.job.mapping;

import java.util.List;

/**
 * What a JSON document says that another model has said of an input, of the kinds that it should
 * be, whatever the values.
 *
 * @param version version of that model
 * @param labels labels that it knows
 * @param probabilities probability of each, in their order
 */
public record MappedPrediction(String version, List<String> labels, List<Float> probabilities) {

    public MappedPrediction {
        labels = List.copyOf(labels);
        probabilities = List.copyOf(probabilities);
    }
}
