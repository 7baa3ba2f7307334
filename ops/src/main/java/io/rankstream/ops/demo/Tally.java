package io.rankstream.ops.demo;

import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.TrainingReport;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts what a run has come to, record by record. For use by one thread. */
final class Tally {

    /**
     * What the reports of one adapter come to.
     *
     * @param before examples of earlier runs
     * @param examples examples of this one
     * @param steps steps of this one
     * @param progress its first and its newest report
     */
    private record Trained(long before, long examples, long steps, AdapterProgress progress) {

        static Trained first(TrainingReport report) {
            return new Trained(
                    report.getExamplesTotal() - report.getExamples(),
                    report.getExamples(),
                    1,
                    AdapterProgress.after(null, report));
        }

        Trained plus(TrainingReport report) {
            return new Trained(
                    before,
                    examples + report.getExamples(),
                    steps + 1,
                    AdapterProgress.after(progress, report));
        }
    }

    private final Map<String, Trained> adapters = new HashMap<>();
    private final Map<String, AdapterVersion> newest = new HashMap<>();
    private final SortedMap<DeadLetterReason, Integer> refused = new TreeMap<>();
    private long examples;

    /** Takes in a report; the answer to a command is none of a step. */
    void add(TrainingReport report) {
        if (report.getCommand() == null) {
            adapters.merge(
                    report.getAdapterId(),
                    Trained.first(report),
                    (known, first) -> known.plus(report));
            examples += report.getExamples();
        }
    }

    void add(AdapterVersion version) {
        newest.put(version.getAdapterId(), version);
    }

    void add(DeadLetter letter) {
        refused.merge(letter.getReason(), 1, Integer::sum);
    }

    /** Examples trained on so far. */
    long examples() {
        return examples;
    }

    /**
     * What it has come to.
     *
     * @param time how long the run took
     * @param course as {@link Summary} has it
     */
    Summary summary(Duration time, List<Mark> course) {
        SortedMap<String, AdapterSummary> summaries = new TreeMap<>();
        SortedMap<String, Long> before = new TreeMap<>();
        adapters.forEach(
                (id, trained) -> {
                    summaries.put(id, adapter(trained, newest.get(id)));
                    before.put(id, trained.before());
                });
        return new Summary(summaries, before, new TreeMap<>(refused), time, course);
    }

    private static AdapterSummary adapter(Trained trained, AdapterVersion version) {
        TrainingReport latest = trained.progress().latest();
        return new AdapterSummary(
                trained.examples(),
                trained.steps(),
                latest.getPrequentialAccuracy(),
                latest.getPrequentialAccuracyLast1000(),
                latest.getMajorityAccuracy(),
                trained.progress().liveRanksAtFirst(),
                trained.progress().liveRanks(),
                latest.getBudget(),
                version == null ? 0 : version.getVersion(),
                version == null ? "" : version.getPath());
    }
}
