package io.rankstream.ops.demo;

import io.rankstream.schemas.TrainingReport;

/**
 * How far one adapter has come.
 *
 * @param first report of its first step
 * @param latest report of its newest step
 */
record AdapterProgress(TrainingReport first, TrainingReport latest) {

    /** Progress after one more report, in the order they were written. */
    static AdapterProgress after(AdapterProgress before, TrainingReport report) {
        return new AdapterProgress(before == null ? report : before.first, report);
    }

    /** Live triplets over all modules after the first step. */
    int liveRanksAtFirst() {
        return sum(first);
    }

    /** Live triplets over all modules after the newest step. */
    int liveRanks() {
        return sum(latest);
    }

    private static int sum(TrainingReport report) {
        return report.getLiveRanks().stream().mapToInt(Integer::intValue).sum();
    }
}
