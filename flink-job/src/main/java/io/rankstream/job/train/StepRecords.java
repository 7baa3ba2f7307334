package io.rankstream.job.train;

import io.rankstream.adapters.probe.Forgetting;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.classification.PrequentialScore;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.training.StepReport;
import io.rankstream.job.batch.JudgedCommand;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.record.RecordId;
import io.rankstream.job.record.TargetDatum;
import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.ControlCommand;
import io.rankstream.schemas.ForgettingLabel;
import io.rankstream.schemas.ForgettingPeriod;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** What a step, or a command, is told to the world as. */
final class StepRecords {

    private static final int MESSAGE_CHARACTERS = 4_000;

    private StepRecords() {}

    static TrainingReport report(
            AdapterMeta meta, LabelSet labels, StepReport report, Optional<Forgetting> forgetting) {
        Score<?> score = report.score();
        Map<String, Double> metrics = score.metrics();
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
                .setPrequentialAccuracy(metrics.get(PrequentialScore.ACCURACY))
                .setPrequentialAccuracyLast1000(metrics.get(PrequentialScore.RECENT_ACCURACY))
                .setMajorityAccuracy(metrics.get(PrequentialScore.MAJORITY_ACCURACY))
                .setLabelRevision(labels.revision())
                .setMetrics(metrics)
                .setDriftAlarms(report.alarms().size())
                .setDriftAlarmsTotal(report.alarmsTotal())
                .setReplayedExamples(report.replayed().examples())
                .setReplayedTokens(report.replayed().tokens())
                .setForgetting(forgetting.map(StepRecords::forgetting).orElse(null))
                .build();
    }

    private static io.rankstream.schemas.Forgetting forgetting(Forgetting found) {
        Forgetting.Retained all = found.all();
        return io.rankstream.schemas.Forgetting.newBuilder()
                .setWithheld(found.withheld())
                .setProbes(all.probes())
                .setThen(all.then())
                .setNow(all.now())
                .setPeriods(found.periods().stream().map(StepRecords::period).toList())
                .setLabels(found.labels().stream().map(StepRecords::label).toList())
                .build();
    }

    private static ForgettingPeriod period(Forgetting.OfPeriod period) {
        return ForgettingPeriod.newBuilder()
                .setFirst(period.first())
                .setLast(period.last())
                .setProbes(period.retained().probes())
                .setThen(period.retained().then())
                .setNow(period.retained().now())
                .build();
    }

    private static ForgettingLabel label(Forgetting.OfLabel label) {
        return ForgettingLabel.newBuilder()
                .setLabel(label.label())
                .setProbes(label.retained().probes())
                .setThen(label.retained().then())
                .setNow(label.retained().now())
                .build();
    }

    /**
     * Answer to a command.
     *
     * @param meta the adapter by then; empty where there is none
     * @param labels its labels
     */
    static CommandAnswer answer(
            JudgedCommand.Answered judged, Optional<AdapterMeta> meta, Optional<LabelSet> labels) {
        ControlCommand command = judged.command();
        return CommandAnswer.newBuilder()
                .setCommandId(RecordId.shortened(command.getCommandId()))
                .setAdapterId(command.getAdapterId())
                .setAction(command.getAction().name())
                .setOutcome(judged.outcome())
                .setMessage(Excerpt.cut(judged.message(), MESSAGE_CHARACTERS))
                .setRevision(judged.revision())
                .setVersion(meta.map(AdapterMeta::version).orElse(0L))
                .setStep(meta.map(AdapterMeta::step).orElse(0L))
                .setLabelRevision(labels.map(LabelSet::revision).orElse(0L))
                .build();
    }

    /**
     * What was said of an example that is not learned from.
     *
     * @param step the newest one
     */
    static Prediction withheld(
            EncodedExample example,
            io.rankstream.adapters.training.Prediction prediction,
            LabelSet labels,
            long step) {
        Prediction told = prediction(example, prediction, labels, step);
        told.setWithheld(true);
        return told;
    }

    static Prediction prediction(
            EncodedExample example,
            io.rankstream.adapters.training.Prediction prediction,
            LabelSet labels,
            long step) {
        return Prediction.newBuilder()
                .setExampleId(RecordId.shortened(example.id()))
                .setAdapterId(example.adapterId())
                .setPredictedLabel(TargetDatum.of(prediction.said()))
                .setProbability(
                        Float.isNaN(prediction.probability()) ? null : prediction.probability())
                .setLabel(TargetDatum.of(prediction.target()))
                .setLoss(prediction.loss())
                .setStep(step)
                .setTruncated(example.tokens().truncated())
                .setEventTime(Instant.ofEpochMilli(example.eventTime()))
                .setTopic(example.origin().topic())
                .setPartition(example.origin().partition())
                .setOffset(example.origin().offset())
                .setLabelRevision(labels.revision())
                .build();
    }
}
