package io.rankstream.ops.summary;

import io.rankstream.schemas.TrainingReport;
import java.util.Arrays;
import java.util.List;

/** Training reports for tests. */
public final class Reports {

    private Reports() {}

    /** Report of a step with two modules, after which {@code examples} have been trained on. */
    public static TrainingReport of(String adapter, long step, long examples, int... liveRanks) {
        return TrainingReport.newBuilder()
                .setAdapterId(adapter)
                .setStep(step)
                .setExamples(16)
                .setTokens(900)
                .setPaddedTokens(1024)
                .setTaskLoss(.5f)
                .setOrthogonalityLoss(.01f)
                .setGradientNorm(1f)
                .setLearningRate(.002f)
                .setBudget(20)
                .setLiveRanks(boxed(liveRanks))
                .setMasked(false)
                .setExamplesTotal(examples)
                .setTruncatedTotal(3)
                .setPrequentialAccuracy(.75)
                .setPrequentialAccuracyLast1000(.875)
                .setMajorityAccuracy(.5)
                .build();
    }

    private static List<Integer> boxed(int... values) {
        return Arrays.stream(values).boxed().toList();
    }
}
