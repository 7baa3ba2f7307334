package io.rankstream.ops.standing;

import io.rankstream.schemas.TrainingReport;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/**
 * Some consecutive steps of one adapter: their mean loss, and how it stood after the last of them.
 *
 * @param step last of the steps
 * @param time when that was
 * @param examples examples of these steps
 * @param examplesTotal examples of all steps so far
 * @param accuracy share of right predictions over all examples so far; this and the next two are
 *     NaN where the task has no such share
 * @param accuracyLast1000 share of right predictions over the newest 1,000
 * @param majority accuracy of always saying the most frequent label
 * @param metrics metrics of its task over the newest 1,000, by name, where the task has no accuracy
 * @param loss mean loss of these steps' examples
 * @param budget rank budget over all modules
 * @param liveRanks live rank of every module; never modified, and shared between equal ones
 * @param revision number of the change of the projection that touched it last
 */
public record Stretch(
        long step,
        Instant time,
        long examples,
        long examplesTotal,
        double accuracy,
        double accuracyLast1000,
        double majority,
        SortedMap<String, Double> metrics,
        double loss,
        int budget,
        int[] liveRanks,
        long revision) {

    static Stretch of(TrainingReport report, Instant time, long revision) {
        return new Stretch(
                report.getStep(),
                time,
                report.getExamples(),
                report.getExamplesTotal(),
                Metrics.known(report.getPrequentialAccuracy()).orElse(Double.NaN),
                Metrics.known(report.getPrequentialAccuracyLast1000()).orElse(Double.NaN),
                Metrics.known(report.getMajorityAccuracy()).orElse(Double.NaN),
                Metrics.curve(report),
                report.getTaskLoss(),
                report.getBudget(),
                ranks(report.getLiveRanks()),
                revision);
    }

    private static int[] ranks(List<Integer> ranks) {
        return ranks.stream().mapToInt(Integer::intValue).toArray();
    }

    /** These steps and the next ones. */
    Stretch plus(Stretch next) {
        long both = examples + next.examples;
        double meanLoss =
                both == 0 ? next.loss : (loss * examples + next.loss * next.examples) / both;
        return new Stretch(
                next.step,
                next.time,
                both,
                next.examplesTotal,
                next.accuracy,
                next.accuracyLast1000,
                next.majority,
                next.metrics,
                meanLoss,
                next.budget,
                next.liveRanks,
                Math.max(revision, next.revision));
    }

    /** With the ranks of the stretch before it where they are equal: they seldom change. */
    Stretch sharingRanksOf(Stretch before) {
        return Arrays.equals(liveRanks, before.liveRanks)
                ? new Stretch(
                        step,
                        time,
                        examples,
                        examplesTotal,
                        accuracy,
                        accuracyLast1000,
                        majority,
                        metrics,
                        loss,
                        budget,
                        before.liveRanks,
                        revision)
                : this;
    }
}
