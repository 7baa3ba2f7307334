package io.rankstream.job.loop.entry;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.input.ModelVersion;
import io.rankstream.job.input.PredictedInput;
import io.rankstream.job.loop.quality.DrawnInput;
import io.rankstream.job.loop.quality.Truth;
import java.util.List;
import java.util.Optional;

/**
 * What is kept of an input.
 *
 * @param eventTime milliseconds since the epoch, as given by the producer
 * @param predicted what was predicted; empty where nothing was
 * @param version version of the model that predicted
 * @param step optimizer steps that the adapter had taken
 * @param drawn whether a label is asked for, and what estimates need
 * @param question what people are shown; empty once it has expired
 */
public record KeptInput(
        long eventTime,
        Optional<Target> predicted,
        Optional<ModelVersion> version,
        long step,
        DrawnInput drawn,
        Optional<Question> question) {

    /**
     * An input that has come.
     *
     * @param labels labels to choose from
     */
    public static KeptInput of(PredictedInput predicted, DrawnInput drawn, List<String> labels) {
        return new KeptInput(
                predicted.input().eventTime(),
                predicted.predicted(),
                predicted.version(),
                predicted.step(),
                drawn,
                Optional.of(Question.of(predicted, labels)));
    }

    /** What late votes still need: all but what people are shown. */
    public KeptInput expired() {
        return new KeptInput(eventTime, predicted, version, step, drawn, Optional.empty());
    }

    /** Probability of the predicted label; empty where it has none, as a list of labels. */
    public Optional<Float> probability() {
        return Double.isFinite(drawn.probability()) && !saysSeveralLabels()
                ? Optional.of((float) drawn.probability())
                : Optional.empty();
    }

    /** Whether any number of labels was to be predicted, each with a probability of its own. */
    public boolean saysSeveralLabels() {
        return Double.isFinite(drawn.probability())
                && predicted.filter(Target.Several.class::isInstance).isPresent();
    }

    /**
     * A decision against what was predicted; empty unless both are labels, or lists of labels,
     * which are right as a whole.
     */
    public Optional<Truth> truth(Optional<Target> decided) {
        return decided.filter(
                        label ->
                                isLabels(label)
                                        && predicted.filter(KeptInput::isLabels).isPresent())
                .map(label -> new Truth(label.shown(), predicted.equals(decided)));
    }

    private static boolean isLabels(Target target) {
        return target instanceof Target.Label
                || (target instanceof Target.Several list
                        && list.members().stream().allMatch(Target.Label.class::isInstance));
    }
}
