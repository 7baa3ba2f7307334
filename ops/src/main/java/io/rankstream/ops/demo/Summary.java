package io.rankstream.ops.demo;

import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.TrainingReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run has come to, as committed topics tell.
 *
 * @param adapters summaries by adapter
 * @param deadLetters refused records by reason
 * @param time how long the job ran
 * @param course examples trained on by the end of every step
 */
record Summary(
        SortedMap<String, AdapterSummary> adapters,
        SortedMap<DeadLetterReason, Integer> deadLetters,
        Duration time,
        List<Mark> course) {

    static Summary of(
            List<TopicReader.Written<TrainingReport>> reports,
            List<AdapterVersion> versions,
            List<DeadLetter> deadLetters,
            Instant start,
            Duration time) {
        Map<String, AdapterProgress> progress = new HashMap<>();
        List<Mark> course = new ArrayList<>();
        long trained = 0;
        for (TopicReader.Written<TrainingReport> written : reports) {
            TrainingReport report = written.value();
            progress.compute(
                    report.getAdapterId(), (id, before) -> AdapterProgress.after(before, report));
            trained += report.getExamples();
            course.add(new Mark(Duration.between(start, written.time()), trained));
        }
        Map<String, AdapterVersion> newest = new HashMap<>();
        versions.forEach(version -> newest.put(version.getAdapterId(), version));
        SortedMap<String, AdapterSummary> adapters = new TreeMap<>();
        progress.forEach((id, end) -> adapters.put(id, adapter(end, newest.get(id))));
        SortedMap<DeadLetterReason, Integer> reasons = new TreeMap<>();
        deadLetters.forEach(letter -> reasons.merge(letter.getReason(), 1, Integer::sum));
        return new Summary(adapters, reasons, time, course);
    }

    /** Number of refused records. */
    int deadLetterCount() {
        return deadLetters.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Time in seconds. */
    double seconds() {
        return seconds(time);
    }

    /** Time to the first step in seconds; empty without any step. */
    OptionalDouble secondsToFirstStep() {
        return course.stream().mapToDouble(mark -> seconds(mark.elapsed())).findFirst();
    }

    /** A time in seconds. */
    static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    /** Examples trained on or refused, a second. */
    double examplesPerSecond() {
        long trained = adapters.values().stream().mapToLong(AdapterSummary::examples).sum();
        return (trained + deadLetterCount()) / seconds();
    }

    private static AdapterSummary adapter(AdapterProgress end, AdapterVersion version) {
        TrainingReport latest = end.latest();
        return new AdapterSummary(
                latest.getExamplesTotal(),
                latest.getStep(),
                latest.getPrequentialAccuracy(),
                latest.getPrequentialAccuracyLast1000(),
                latest.getMajorityAccuracy(),
                end.liveRanksAtFirst(),
                end.liveRanks(),
                latest.getBudget(),
                version == null ? 0 : version.getVersion(),
                version == null ? "" : version.getPath());
    }
}
