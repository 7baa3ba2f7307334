package io.rankstream.adapters.training;

import io.rankstream.adapters.mixture.Evidence;
import io.rankstream.adapters.training.optimizer.Gradient;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The passes of one micro-batch added up, so that loss and gradient are means over all its
 * examples, however they are split (gradient accumulation).
 */
final class Accumulation {

    private final Prediction[] predictions;
    private final Evidence[] evidence;
    private Gradient gradient;
    private double meanLoss;
    private int tokens;
    private int paddedTokens;

    /** No pass yet over so many examples. */
    Accumulation(int examples) {
        this.predictions = new Prediction[examples];
        this.evidence = new Evidence[examples];
    }

    /**
     * Adds what a pass found for some of the examples; its gradient is taken over.
     *
     * <p>Sums of floats depend on their order, so it is for the caller to keep one.
     */
    void add(PassResult result) {
        List<Integer> positions = result.positions();
        for (int i = 0; i < positions.size(); i++) {
            predictions[positions.get(i)] = result.predictions().get(i);
        }
        for (int i = 0; i < result.evidence().size(); i++) {
            evidence[positions.get(i)] = result.evidence().get(i);
        }
        double share = (double) positions.size() / predictions.length;
        meanLoss += result.meanLoss() * share;
        tokens += result.tokens();
        paddedTokens += result.paddedTokens();
        result.gradient().ifPresent(ofMean -> add(ofMean, share));
    }

    private void add(Gradient ofMean, double share) {
        if (share < 1) {
            ofMean.scale(share);
        }
        if (gradient == null) {
            gradient = ofMean;
        } else {
            gradient.add(ofMean);
            ofMean.close();
        }
    }

    /** Gradient of the mean loss; there once every pass was finite. */
    Gradient gradient() {
        return gradient;
    }

    /** One an example; there once every pass was. */
    List<Prediction> predictions() {
        return List.of(predictions);
    }

    /** One an example for those who judge by it, once every pass was; where there are any. */
    List<Evidence> evidence() {
        return List.of(evidence);
    }

    /** Positions of the examples whose loss is not finite. */
    List<Integer> notFinite() {
        return IntStream.range(0, predictions.length)
                .filter(i -> predictions[i] != null && !Float.isFinite(predictions[i].loss()))
                .boxed()
                .toList();
    }

    /** Mean loss of the examples. */
    float meanLoss() {
        return (float) meanLoss;
    }

    /** Mean loss of the first so many examples. */
    float meanLoss(int first) {
        return first == predictions.length
                ? meanLoss()
                : (float)
                        Arrays.stream(predictions, 0, first)
                                .mapToDouble(Prediction::loss)
                                .average()
                                .orElseThrow();
    }

    /** Tokens of all examples. */
    int tokens() {
        return tokens;
    }

    /** Tokens that attention computed, padding included. */
    int paddedTokens() {
        return paddedTokens;
    }
}
