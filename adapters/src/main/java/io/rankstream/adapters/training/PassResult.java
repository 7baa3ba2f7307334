package io.rankstream.adapters.training;

import io.rankstream.adapters.mixture.Evidence;
import io.rankstream.adapters.training.optimizer.Gradient;
import java.util.List;
import java.util.Optional;

/**
 * What a pass found for some examples of a micro-batch.
 *
 * @param positions which of them
 * @param predictions one each, from before the step
 * @param evidence of each for the mixture; none of an adapter without one
 * @param meanLoss mean loss
 * @param tokens their tokens
 * @param paddedTokens tokens that attention computed, padding included
 * @param gradient of the mean loss; empty if a loss of the pass is not finite
 */
record PassResult(
        List<Integer> positions,
        List<Prediction> predictions,
        List<Evidence> evidence,
        float meanLoss,
        int tokens,
        int paddedTokens,
        Optional<Gradient> gradient) {

    PassResult with(Gradient ofMeanLoss) {
        return new PassResult(
                positions,
                predictions,
                evidence,
                meanLoss,
                tokens,
                paddedTokens,
                Optional.of(ofMeanLoss));
    }
}
