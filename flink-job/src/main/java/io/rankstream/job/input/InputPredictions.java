package io.rankstream.job.input;

import io.rankstream.job.record.TargetDatum;
import io.rankstream.schemas.InputPrediction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Predicted inputs as the contract has them. */
public final class InputPredictions {

    private InputPredictions() {}

    /** A prediction of whose input nobody is asked. */
    public static InputPrediction unselected(PredictedInput predicted) {
        Input input = predicted.input();
        return InputPrediction.newBuilder()
                .setExampleId(input.exampleId())
                .setAdapterId(input.adapterId())
                .setPredictedLabel(predicted.predicted().map(TargetDatum::of).orElse(null))
                .setLabels(predicted.labels())
                .setProbabilities(boxed(predicted.probabilities()))
                .setLabelRevision(predicted.labelRevision())
                .setStep(predicted.step())
                .setVersion(version(predicted.version()))
                .setPrior(predicted.prior())
                .setTruncated(predicted.truncated())
                .setSelected(false)
                .setInclusionProbability(0)
                .setUniform(false)
                .setEventTime(Instant.ofEpochMilli(input.eventTime()))
                .setPredictedAt(Instant.ofEpochMilli(predicted.predictedAt()))
                .setTopic(input.origin().topic())
                .setPartition(input.origin().partition())
                .setOffset(input.origin().offset())
                .build();
    }

    private static Object version(Optional<ModelVersion> version) {
        if (version.isEmpty()) {
            return null;
        }
        return version.get() instanceof ModelVersion.Published published
                ? (Object) published.number()
                : ((ModelVersion.Foreign) version.get()).name();
    }

    private static List<Float> boxed(float[] values) {
        List<Float> boxed = new ArrayList<>(values.length);
        for (float value : values) {
            boxed.add(value);
        }
        return boxed;
    }
}
