package io.rankstream.adapters;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an adapter says of a text.
 *
 * @param label the most probable label
 * @param probabilities softmax probability of every label in use, in their order; unmodifiable
 */
public record Prediction(String label, Map<String, Float> probabilities) {

    public Prediction {
        probabilities = Collections.unmodifiableMap(new LinkedHashMap<>(probabilities));
    }

    /** Probability of the most probable label. */
    public float probability() {
        return probabilities.get(label);
    }

    /**
     * The prediction that logits mean.
     *
     * @param labels one a logit
     */
    static Prediction of(List<String> labels, float[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        Map<String, Float> probabilities = new LinkedHashMap<>();
        int best = 0;
        for (int i = 0; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
            probabilities.put(labels.get(i), (float) (Math.exp(logits[i] - largest) / sum));
        }
        return new Prediction(labels.get(best), probabilities);
    }
}
