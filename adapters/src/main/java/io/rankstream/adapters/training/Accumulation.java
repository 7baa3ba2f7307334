package io.rankstream.adapters.training;

import ai.djl.pytorch.engine.PtNDManager;
import java.util.ArrayList;
import java.util.List;

/**
 * The passes of one micro-batch added up, so that loss and gradient are means over all its
 * examples, however they are split (gradient accumulation).
 */
final class Accumulation {

    private final PtNDManager scope;
    private final int examples;
    private final List<Prediction> predictions = new ArrayList<>();
    private final List<Integer> notFinite = new ArrayList<>();
    private Gradient gradient;
    private double meanLoss;
    private int tokens;
    private int paddedTokens;

    /**
     * No pass yet.
     *
     * @param scope scope of the gradient; that of a pass may end before
     * @param examples examples of all passes together
     */
    Accumulation(PtNDManager scope, int examples) {
        this.scope = scope;
        this.examples = examples;
    }

    /**
     * Adds the forward pass of some of the examples.
     *
     * @param ofPass predictions, one an example
     * @param meanOfPass mean loss
     * @param tokensOfPass tokens
     * @param paddedOfPass tokens that attention computed, padding included
     */
    void add(List<Prediction> ofPass, float meanOfPass, int tokensOfPass, int paddedOfPass) {
        for (Prediction prediction : ofPass) {
            if (!Float.isFinite(prediction.loss())) {
                notFinite.add(predictions.size());
            }
            predictions.add(prediction);
        }
        meanLoss += (double) meanOfPass * ofPass.size() / examples;
        tokens += tokensOfPass;
        paddedTokens += paddedOfPass;
    }

    /**
     * Adds the gradient of a pass.
     *
     * @param ofMean gradient of the pass's mean loss; taken over
     * @param count examples of the pass
     */
    void addGradient(Gradient ofMean, int count) {
        if (count < examples) {
            ofMean.scale((double) count / examples);
        }
        if (gradient == null) {
            ofMean.attach(scope);
            gradient = ofMean;
        } else {
            gradient.add(ofMean);
        }
    }

    /** Gradient of the mean loss; there once every pass was finite. */
    Gradient gradient() {
        return gradient;
    }

    /** One an example. */
    List<Prediction> predictions() {
        return predictions;
    }

    /** Positions of the examples whose loss is not finite. */
    List<Integer> notFinite() {
        return notFinite;
    }

    /** Mean cross entropy. */
    float meanLoss() {
        return (float) meanLoss;
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
