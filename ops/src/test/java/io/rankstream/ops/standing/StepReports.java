package io.rankstream.ops.standing;

import io.rankstream.adapters.task.regression.Regression;
import io.rankstream.schemas.TrainingReport;
import java.util.Arrays;
import java.util.List;

/** Training reports for tests. */
public final class StepReports {

    private StepReports() {}

    /** Report of a step with four examples, after which {@code examples} have been trained on. */
    public static TrainingReport of(
            String adapter, long step, long examples, float loss, int... liveRanks) {
        return TrainingReport.newBuilder()
                .setAdapterId(adapter)
                .setStep(step)
                .setExamples(4)
                .setTokens(90)
                .setPaddedTokens(90)
                .setTaskLoss(loss)
                .setOrthogonalityLoss(0)
                .setGradientNorm(1)
                .setLearningRate(.002f)
                .setBudget(Arrays.stream(liveRanks).sum())
                .setLiveRanks(Arrays.stream(liveRanks).boxed().toList())
                .setMasked(false)
                .setExamplesTotal(examples)
                .setTruncatedTotal(0)
                .setPrequentialAccuracy(.75)
                .setPrequentialAccuracyLast1000(.875)
                .setMajorityAccuracy(.5)
                .build();
    }

    /**
     * As {@link #of}, of an adapter that has learned numbers alone: {@code truth}, each after it
     * said its own.
     */
    public static TrainingReport ofNumbers(
            String adapter, long step, List<Double> truth, List<Double> said, int... liveRanks) {
        return TrainingReport.newBuilder(of(adapter, step, truth.size(), .25f, liveRanks))
                .setPrequentialAccuracy(null)
                .setPrequentialAccuracyLast1000(null)
                .setMajorityAccuracy(null)
                .setMetrics(new Regression().newScore(0).plus(truth, said).metrics())
                .build();
    }
}
