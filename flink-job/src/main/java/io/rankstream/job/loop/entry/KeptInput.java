package io.rankstream.job.loop.entry;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.input.ModelVersion;
import io.rankstream.job.input.PredictedInput;
import java.util.List;
import java.util.Optional;

/**
 * What is kept of an input.
 *
 * @param eventTime milliseconds since the epoch, as given by the producer
 * @param predicted what was predicted; empty where nothing was
 * @param probability probability of the predicted label; empty where it has none
 * @param version version of the model that predicted
 * @param step optimizer steps that the adapter had taken
 * @param draw whether a label is asked for
 * @param question what people are shown; empty once it has expired
 */
public record KeptInput(
        long eventTime,
        Optional<Target> predicted,
        Optional<Float> probability,
        Optional<ModelVersion> version,
        long step,
        Drawn draw,
        Optional<Question> question) {

    /**
     * An input that has come.
     *
     * @param labels labels to choose from
     */
    public static KeptInput of(PredictedInput predicted, Drawn draw, List<String> labels) {
        return new KeptInput(
                predicted.input().eventTime(),
                predicted.predicted(),
                predicted.said().isEmpty()
                        ? Optional.empty()
                        : Optional.of(predicted.probabilities()[predicted.said().best()]),
                predicted.version(),
                predicted.step(),
                draw,
                Optional.of(Question.of(predicted, labels)));
    }

    /** What late votes still need: all but what people are shown. */
    public KeptInput expired() {
        return new KeptInput(
                eventTime, predicted, probability, version, step, draw, Optional.empty());
    }
}
