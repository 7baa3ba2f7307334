package io.rankstream.job.simulation;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.job.simulation.SimulationEvent.Entry;
import io.rankstream.job.simulation.SimulationEvent.TimePasses;
import io.rankstream.job.version.AdapterRelease;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.IntToLongFunction;

/**
 * A log that is read by one subtask from its first entry to its last, without a checkpoint.
 *
 * @param outputs what the job sent to its sinks, entry by entry
 * @param adapters every adapter at the end
 */
record UninterruptedRun(List<Emission> outputs, SortedMap<String, AdapterState> adapters) {

    /**
     * Runs through a log, which has the end of the stream for its last entry.
     *
     * @param committed for each entry, how many entries' versions are visible when it is read
     */
    static UninterruptedRun of(
            SimulationSetup setup, ModelSource model, List<Entry> log, IntToLongFunction committed)
            throws Exception {
        try (PublishedVersions versions = new PublishedVersions();
                SimulatedJob job =
                        SimulatedJob.start(
                                setup,
                                new SimulatedJob.Site(model, versions.directory()),
                                1,
                                0,
                                null)) {
            List<Emission> outputs = new ArrayList<>();
            long now = 0;
            int visible = 0;
            for (int i = 0; i < log.size(); i++) {
                for (; visible < committed.applyAsLong(i); visible++) {
                    for (AdapterRelease release : outputs.get(visible).releases()) {
                        versions.write(release);
                        versions.commit(release);
                    }
                }
                now += log.get(i) instanceof TimePasses time ? time.millis() : 0;
                outputs.add(job.process(log.get(i), i, now));
            }
            job.snapshot(1);
            return new UninterruptedRun(outputs, job.adapters());
        }
    }
}
