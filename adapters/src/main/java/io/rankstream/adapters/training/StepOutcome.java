package io.rankstream.adapters.training;

import java.util.List;
import java.util.Optional;

/**
 * What became of a micro-batch. Every example is either trained on (it has a prediction) or refused
 * (it has changed nothing).
 *
 * @param trained indices in the micro-batch that were trained on, ascending
 * @param predictions the prediction of each of them, made before the step
 * @param refusals the others, with the reason
 * @param report the optimizer step; empty when every example was refused
 */
public record StepOutcome(
        List<Integer> trained,
        List<Prediction> predictions,
        List<Refusal> refusals,
        Optional<StepReport> report) {

    public StepOutcome {
        trained = List.copyOf(trained);
        predictions = List.copyOf(predictions);
        refusals = List.copyOf(refusals);
    }

    /**
     * An example the trainer would not learn from.
     *
     * @param index its place in the micro-batch
     * @param reason why, as a sentence
     */
    public record Refusal(int index, String reason) {}
}
