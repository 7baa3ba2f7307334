package io.rankstream.adapters.training;

import io.rankstream.adapters.probe.Forgetting;
import java.util.List;
import java.util.Optional;

/**
 * What became of a micro-batch. Every example is either trained on, withheld as a probe (both have
 * a prediction), or refused (it has changed nothing).
 *
 * @param trained indices in the micro-batch that were trained on, ascending
 * @param predictions the prediction of each of them, made before the step
 * @param withheld those that were kept as probes
 * @param refusals the others, with the reason
 * @param report the optimizer step; empty when no example was trained on
 * @param forgetting what probes tell, after a step that ends a period of them
 */
public record StepOutcome(
        List<Integer> trained,
        List<Prediction> predictions,
        List<Withheld> withheld,
        List<Refusal> refusals,
        Optional<StepReport> report,
        Optional<Forgetting> forgetting) {

    public StepOutcome {
        trained = List.copyOf(trained);
        predictions = List.copyOf(predictions);
        withheld = List.copyOf(withheld);
        refusals = List.copyOf(refusals);
    }

    /**
     * An example that is never learned from, so that it can tell what is forgotten.
     *
     * @param index its place in the micro-batch
     * @param prediction made before the step
     */
    public record Withheld(int index, Prediction prediction) {}

    /**
     * An example the trainer would not learn from.
     *
     * @param index its place in the micro-batch
     * @param reason why, as a sentence
     */
    public record Refusal(int index, String reason) {}
}
