package io.rankstream.ops.summary;

import io.rankstream.ops.standing.Standing;
import io.rankstream.ops.standing.Standings;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.DriftEvent;
import io.rankstream.schemas.TrainingReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run has come to, as committed topics tell.
 *
 * @param adapters summaries by adapter
 * @param loops what came of inputs without a label, by adapter; none where the job reads none
 * @param examplesBefore examples that each adapter had been trained on before the run
 * @param deadLetters refused records by reason
 * @param time how long the job ran
 * @param course examples trained on by the end of every step; of a run without end, of the first
 */
public record Summary(
        SortedMap<String, AdapterSummary> adapters,
        SortedMap<String, LoopSummary> loops,
        SortedMap<String, Long> examplesBefore,
        SortedMap<DeadLetterReason, Long> deadLetters,
        Duration time,
        List<Mark> course) {

    /** What the records that one run has committed come to. */
    public static Summary of(
            List<TopicReader.Written<TrainingReport>> reports,
            List<DriftEvent> drift,
            List<AdapterVersion> versions,
            List<DeadLetter> deadLetters,
            Instant start,
            Duration time) {
        Standings standings = new Standings();
        List<Mark> course = new ArrayList<>();
        for (TopicReader.Written<TrainingReport> written : reports) {
            standings.add(written.value(), written.time());
            course.add(new Mark(Duration.between(start, written.time()), standings.examplesSeen()));
        }
        drift.forEach(event -> standings.add(event, start.plus(time)));
        versions.forEach(version -> standings.add(version, start.plus(time)));
        deadLetters.forEach(letter -> standings.add(letter, start.plus(time), Optional.empty()));
        return of(standings, time, course);
    }

    /** What steps, versions and dead letters of one run come to. */
    public static Summary of(Standings standings, Duration time, List<Mark> course) {
        SortedMap<String, AdapterSummary> adapters = new TreeMap<>();
        SortedMap<String, LoopSummary> loops = new TreeMap<>();
        SortedMap<String, Long> before = new TreeMap<>();
        for (Standing standing : standings.adapters()) {
            AdapterSummary.of(standing)
                    .ifPresent(
                            summary -> {
                                adapters.put(standing.id(), summary);
                                before.put(standing.id(), standing.examplesBefore());
                            });
            standing.loop()
                    .ifPresent(
                            loop ->
                                    loops.put(
                                            standing.id(),
                                            LoopSummary.of(loop.line(standing.active()))));
        }
        return new Summary(
                adapters, loops, before, new TreeMap<>(standings.refusedByReason()), time, course);
    }

    /** Whether records came, and every one of them was refused. */
    public boolean isAllRefused() {
        return adapters.isEmpty() && loops.isEmpty() && deadLetterCount() > 0;
    }

    /** The summary for people. */
    public String text() {
        return SummaryTable.text(this);
    }

    /** The adapters alone, a line each. */
    public String adapterTable() {
        return SummaryTable.adapters(this);
    }

    /** Number of refused records. */
    public long deadLetterCount() {
        return deadLetters.values().stream().mapToLong(Long::longValue).sum();
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

    /** Inputs without a label that were predicted, a second. */
    double inputsPerSecond() {
        return loops.values().stream().mapToLong(LoopSummary::inputs).sum() / seconds();
    }

    /** Examples trained on, a second. */
    double examplesPerSecond() {
        return adapters.values().stream().mapToLong(AdapterSummary::examples).sum() / seconds();
    }
}
