package io.rankstream.job.input;

import io.rankstream.adapters.task.Target;
import java.util.List;
import java.util.Optional;

/**
 * An input with what was said of it.
 *
 * @param input the input
 * @param version version of the model that predicted; empty where there is none yet
 * @param step optimizer steps that the adapter had taken; 0 where it is not known
 * @param labelRevision revision of the adapter's labels, from 1; 0 where it is not known
 * @param prior whether the adapter was not there yet, and what it would start from has answered
 * @param truncated whether the text was cut at the token limit
 * @param predicted what was said: the most probable label, a number, or a part of the text; empty
 *     where nothing was predicted
 * @param said the probability of each label; none where the task has no labels, or nothing was
 *     predicted
 * @param vectorNorm Euclidean norm of the text's pooled vector, which the head reads; 0 where it is
 *     not known
 * @param predictedAt milliseconds since the epoch, by the clock of the job; the input's event time
 *     where another model predicted, or none
 */
public record PredictedInput(
        Input input,
        Optional<ModelVersion> version,
        long step,
        long labelRevision,
        boolean prior,
        boolean truncated,
        Optional<Target> predicted,
        LabelProbabilities said,
        float vectorNorm,
        long predictedAt) {

    /** An input of a job that predicts nothing: what another model has said of it, or nothing. */
    public static PredictedInput given(Input input) {
        LabelProbabilities said =
                input.given().map(GivenPrediction::said).orElse(LabelProbabilities.NONE);
        Optional<Target> predicted =
                said.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Target.Label(said.labels().get(said.best())));
        return new PredictedInput(
                input,
                input.given().map(given -> new ModelVersion.Foreign(given.version())),
                0,
                0,
                false,
                false,
                predicted,
                said,
                0,
                input.eventTime());
    }

    /** The adapter. */
    public String adapterId() {
        return input.adapterId();
    }

    /** Labels that could be said; empty where the task has none. */
    public List<String> labels() {
        return said.labels();
    }

    /** Probability of each label, in their order; never modified. */
    public float[] probabilities() {
        return said.values();
    }
}
