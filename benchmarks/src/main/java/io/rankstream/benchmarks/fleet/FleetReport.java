package io.rankstream.benchmarks.fleet;

import io.rankstream.benchmarks.job.MeasuredJob;
import java.util.List;
import java.util.Locale;

/**
 * What one job over many adapters was measured at.
 *
 * @param rank initial rank of every adapter
 * @param cacheBytes bytes of adapters that the job keeps ready to train
 * @param sizes the job at each number of adapters
 * @param checkpoints its checkpoints then
 * @param traffic how it fared under traffic in the end
 */
record FleetReport(
        int rank,
        long cacheBytes,
        List<Size> sizes,
        List<Checkpoints> checkpoints,
        Traffic traffic) {

    private static final double MEBIBYTE = 1 << 20;

    /**
     * What a number of adapters takes, right after a checkpoint.
     *
     * @param adapters adapters in state
     * @param stateBytes bytes of the whole checkpoint
     * @param residentAdapters adapters ready to train
     * @param residentBytes bytes of those on the device
     * @param processMebibytes resident memory of the process
     */
    record Size(
            int adapters,
            long stateBytes,
            long residentAdapters,
            long residentBytes,
            double processMebibytes) {

        static final String HEADER =
                "%8s %10s %14s %10s %10s %14s %12s"
                        .formatted(
                                "adapters",
                                "state MiB",
                                "MiB an adapter",
                                "resident",
                                "device MiB",
                                "MiB an adapter",
                                "process MiB");

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%8d %10.0f %14.2f %10d %10.0f %14.2f %12.0f",
                    adapters,
                    stateBytes / MEBIBYTE,
                    stateBytes / MEBIBYTE / adapters,
                    residentAdapters,
                    residentBytes / MEBIBYTE,
                    residentBytes / MEBIBYTE / residentAdapters,
                    processMebibytes);
        }
    }

    /**
     * Checkpoints between which equally many adapters had changed; means over them.
     *
     * @param adapters adapters in state
     * @param dirty those that had changed since the checkpoint before
     * @param taken how many checkpoints these were
     * @param bytes what a checkpoint added
     * @param mostBytes what the largest of them added
     * @param millis time from its start to its completion
     * @param syncMillis part of it for which a task stood still
     * @param asyncMillis part of it that went on beside the task
     */
    record Checkpoints(
            int adapters,
            int dirty,
            int taken,
            double bytes,
            double mostBytes,
            double millis,
            double syncMillis,
            double asyncMillis) {

        static final String HEADER =
                "%8s %6s %6s %8s %14s %8s %9s %8s %8s"
                        .formatted(
                                "adapters",
                                "dirty",
                                "taken",
                                "MiB",
                                "MiB an adapter",
                                "most MiB",
                                "ms",
                                "sync ms",
                                "async ms");

        static Checkpoints of(int adapters, int dirty, List<MeasuredJob.Checkpoint> taken) {
            return new Checkpoints(
                    adapters,
                    dirty,
                    taken.size(),
                    MeasuredJob.mean(taken, MeasuredJob.Checkpoint::bytes),
                    taken.stream().mapToLong(MeasuredJob.Checkpoint::bytes).max().orElseThrow(),
                    MeasuredJob.mean(taken, MeasuredJob.Checkpoint::millis),
                    MeasuredJob.mean(taken, MeasuredJob.Checkpoint::syncMillis),
                    MeasuredJob.mean(taken, MeasuredJob.Checkpoint::asyncMillis));
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%8d %6d %6d %8.1f %14.2f %8.1f %9.0f %8.0f %8.0f",
                    adapters,
                    dirty,
                    taken,
                    bytes / MEBIBYTE,
                    bytes / MEBIBYTE / dirty,
                    mostBytes / MEBIBYTE,
                    millis,
                    syncMillis,
                    asyncMillis);
        }
    }

    /**
     * A stretch of traffic.
     *
     * @param adapters adapters that had examples in it
     * @param examples examples trained on
     * @param steps optimizer steps
     * @param seconds from sending the first example to the prediction of the last
     * @param hitRate share of the micro-batches that found their adapter ready to train
     * @param evictions adapters that had to leave the device
     */
    record Traffic(
            long adapters,
            int examples,
            long steps,
            double seconds,
            double hitRate,
            long evictions,
            double processMebibytes) {

        static final String HEADER =
                "%8s %9s %7s %11s %8s %9s %10s %12s"
                        .formatted(
                                "adapters",
                                "examples",
                                "steps",
                                "examples/s",
                                "steps/s",
                                "hit rate",
                                "evictions",
                                "process MiB");

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%8d %9d %7d %11.1f %8.1f %8.1f%% %10d %12.0f",
                    adapters,
                    examples,
                    steps,
                    examples / seconds,
                    steps / seconds,
                    100 * hitRate,
                    evictions,
                    processMebibytes);
        }
    }
}
