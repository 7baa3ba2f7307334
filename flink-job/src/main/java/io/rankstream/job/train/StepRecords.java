package io.rankstream.job.train;

import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.PrequentialScore;
import io.rankstream.adapters.training.StepReport;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** What a step is told to the world as. */
final class StepRecords {

    private StepRecords() {}

    static TrainingReport report(AdapterMeta meta, StepReport report) {
        PrequentialScore score = report.score();
        return TrainingReport.newBuilder()
                .setAdapterId(meta.adapterId())
                .setStep(report.step())
                .setExamples(report.examples())
                .setTokens(report.tokens())
                .setPaddedTokens(report.paddedTokens())
                .setTaskLoss(report.taskLoss())
                .setOrthogonalityLoss(report.orthogonalityLoss())
                .setGradientNorm(report.gradientNorm())
                .setLearningRate(report.learningRate())
                .setBudget(report.budget())
                .setLiveRanks(Arrays.stream(report.liveRanks()).boxed().toList())
                .setMasked(report.masked())
                .setExamplesTotal(score.examples())
                .setTruncatedTotal(meta.truncated())
                .setPrequentialAccuracy(score.accuracy())
                .setPrequentialAccuracyLast1000(score.recentAccuracy())
                .setMajorityAccuracy(score.majorityAccuracy())
                .build();
    }

    static Prediction prediction(
            EncodedExample example,
            io.rankstream.adapters.training.Prediction prediction,
            List<String> labels,
            long step) {
        return Prediction.newBuilder()
                .setExampleId(example.id())
                .setAdapterId(example.adapterId())
                .setPredictedLabel(labels.get(prediction.label()))
                .setProbability(prediction.probability())
                .setLabel(example.label())
                .setLoss(prediction.loss())
                .setStep(step)
                .setTruncated(example.tokens().truncated())
                .setEventTime(Instant.ofEpochMilli(example.eventTime()))
                .setTopic(example.origin().topic())
                .setPartition(example.origin().partition())
                .setOffset(example.origin().offset())
                .build();
    }
}
