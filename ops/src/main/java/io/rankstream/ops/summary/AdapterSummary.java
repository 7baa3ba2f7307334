package io.rankstream.ops.summary;

import io.rankstream.ops.standing.Drift;
import io.rankstream.ops.standing.Metrics;
import io.rankstream.ops.standing.Standing;
import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.Forgetting;
import io.rankstream.schemas.TrainingReport;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What one adapter has become, as committed topics tell.
 *
 * @param examples examples that it was trained on in the run
 * @param steps optimizer steps of the run
 * @param prequentialAccuracy share of right predictions over its whole life; this and the next two
 *     are empty where its task has no such share
 * @param prequentialAccuracyLast1000 share of right predictions over the newest 1,000 examples
 * @param majorityAccuracy accuracy of always saying the most frequent label
 * @param alarms alarms of drift that it raised in the run
 * @param newestAlarm the last of them that nobody has called false
 * @param forgetting what its probes told last; empty without any
 * @param metrics the metrics of its task by name
 * @param liveRanksBefore live triplets over all modules after the first step
 * @param liveRanks live triplets over all modules now
 * @param budget rank budget over all modules now
 * @param version newest published version; 0 when there is none
 * @param path folder of that version; empty when there is none
 */
public record AdapterSummary(
        long examples,
        long steps,
        OptionalDouble prequentialAccuracy,
        OptionalDouble prequentialAccuracyLast1000,
        OptionalDouble majorityAccuracy,
        long alarms,
        Optional<Drift> newestAlarm,
        Optional<Forgetting> forgetting,
        Map<String, Double> metrics,
        int liveRanksBefore,
        int liveRanks,
        int budget,
        long version,
        String path) {

    /** Its metrics, those among them that reports have in fields of their own. */
    public Map<String, Double> scores() {
        return Metrics.with(
                metrics, prequentialAccuracy, prequentialAccuracyLast1000, majorityAccuracy);
    }

    /** Empty of an adapter that has taken no step. */
    static Optional<AdapterSummary> of(Standing standing) {
        return standing.latest().map(latest -> of(standing, latest));
    }

    private static AdapterSummary of(Standing standing, TrainingReport latest) {
        return new AdapterSummary(
                standing.examplesSeen(),
                standing.stepsSeen(),
                Metrics.known(latest.getPrequentialAccuracy()),
                Metrics.known(latest.getPrequentialAccuracyLast1000()),
                Metrics.known(latest.getMajorityAccuracy()),
                standing.alarmsSeen(),
                standing.alarm(),
                standing.forgetting(),
                latest.getMetrics(),
                standing.first().map(Standing::liveRanks).orElse(0),
                Standing.liveRanks(latest),
                latest.getBudget(),
                standing.version().map(AdapterVersion::getVersion).orElse(0L),
                standing.version().map(AdapterVersion::getPath).orElse(""));
    }
}
