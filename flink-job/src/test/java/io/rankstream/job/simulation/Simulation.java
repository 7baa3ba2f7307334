package io.rankstream.job.simulation;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.job.input.PredictedInput;
import io.rankstream.job.simulation.SimulationEvent.Checkpoint;
import io.rankstream.job.simulation.SimulationEvent.Crash;
import io.rankstream.job.simulation.SimulationEvent.CrashBeforeCommit;
import io.rankstream.job.simulation.SimulationEvent.Entry;
import io.rankstream.job.simulation.SimulationEvent.Rescale;
import io.rankstream.job.simulation.SimulationEvent.Snapshot;
import io.rankstream.job.simulation.SimulationEvent.SnapshotCompletes;
import io.rankstream.job.simulation.SimulationEvent.StreamEnds;
import io.rankstream.job.simulation.SimulationEvent.TimePasses;
import io.rankstream.job.version.AdapterRelease;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The job in a world of models: a source that is a log with an offset, sinks whose outputs are
 * pending until their checkpoint is complete and are thrown away by a crash, and a folder of
 * published versions. After every event, what survives of the outputs is checked.
 *
 * <p>After a crash the log is read again, at most two entries for every one that arrives, so that
 * the next checkpoint or crash may come while the job still catches up.
 */
final class Simulation implements AutoCloseable {

    private static final int READS_AT_ONCE = 2;

    private final SimulationSetup setup;
    private final World world;
    private final PublishedVersions versions = new PublishedVersions();
    private final SimulatedJob.Site site;

    private final List<Entry> log = new ArrayList<>();
    private final List<Emission> committed = new ArrayList<>();
    private final List<Emission> pending = new ArrayList<>();

    /** By entry: how many entries' outputs were committed when it was last read. */
    private final List<Long> committedWhenRead = new ArrayList<>();

    private SimulatedJob job;
    private Complete last;
    private Taken underWay;
    private int position;
    private long now;
    private long checkpoints;

    /** A snapshot whose checkpoint is not complete yet, and the outputs that it covers. */
    private record Taken(
            SimulatedJob.State state,
            SortedMap<String, AdapterState> adapters,
            int offset,
            int outputs) {}

    /** A checkpoint that a restore may start from. */
    private record Complete(
            SimulatedJob.State state, SortedMap<String, AdapterState> adapters, int offset) {}

    private Simulation(SimulationSetup setup, ModelSource model, World world) throws Exception {
        this.setup = setup;
        this.world = world;
        this.site = new SimulatedJob.Site(model, versions.directory());
        this.last = new Complete(null, new TreeMap<>(), 0);
        this.job = SimulatedJob.start(setup, site, setup.parallelism(), now, null);
    }

    /**
     * Runs a scenario to the end of its stream. Where the clock has no say, the adapters and what
     * was said of them must then be those of a run of the same log that was never interrupted, on
     * the other backend, bit for bit.
     */
    static void verify(Scenario scenario, ModelSource model, World world) throws Exception {
        try (Simulation simulation = new Simulation(scenario.setup(), model, world)) {
            for (int i = 0; i < scenario.events().size(); i++) {
                simulation.happens(i + 1, scenario.events().get(i));
            }
            try {
                simulation.end();
            } catch (AssertionError | Exception e) {
                throw new AssertionError("at the end of the stream: " + e.getMessage(), e);
            }
            if (scenario.setup().isDeterministic()) {
                simulation.compare(
                        UninterruptedRun.of(
                                scenario.setup().onOtherBackend(),
                                model,
                                simulation.log,
                                simulation.committedWhenRead::get));
            }
        }
    }

    private void happens(int number, SimulationEvent event) throws Exception {
        try {
            happens(event);
            check();
        } catch (AssertionError | Exception e) {
            throw new AssertionError(
                    "after event %d, %s: %s".formatted(number, event, e.getMessage()), e);
        }
    }

    @Override
    public void close() throws IOException {
        job.close();
        versions.close();
    }

    private void happens(SimulationEvent event) throws Exception {
        if (event instanceof Entry entry) {
            log.add(entry);
            committedWhenRead.add(0L);
            read(READS_AT_ONCE);
        } else if (event instanceof Checkpoint) {
            snapshot();
            complete();
        } else if (event instanceof Snapshot) {
            snapshot();
        } else if (event instanceof SnapshotCompletes) {
            complete();
        } else if (event instanceof Crash) {
            restore(parallelism());
        } else if (event instanceof CrashBeforeCommit) {
            snapshot();
            List<Emission> covered = List.copyOf(pending);
            last = new Complete(underWay.state(), underWay.adapters(), underWay.offset());
            restore(parallelism());
            commit(covered);
        } else if (event instanceof Rescale rescale) {
            snapshot();
            complete();
            restore(rescale.parallelism());
        }
    }

    /** The end is an entry of the log; what it brings forth may be lost, too. */
    private void end() throws Exception {
        happens(new StreamEnds());
        read(log.size());
        check();
        restore(parallelism());
        read(log.size());
        snapshot();
        complete();
        check();
        Invariants.checkComplete(Invariants.check(committed), log);
    }

    private void read(int atMost) throws Exception {
        for (int i = 0; i < atMost && position < log.size(); i++) {
            Entry entry = log.get(position);
            now += entry instanceof TimePasses time ? time.millis() : 0;
            committedWhenRead.set(position, committedEntries());
            Emission emission = job.process(entry, position, now);
            pending.add(emission);
            for (AdapterRelease release : emission.releases()) {
                versions.write(release);
            }
            position++;
        }
    }

    private void snapshot() throws Exception {
        checkpoints++;
        SimulatedJob.State state = job.snapshot(checkpoints);
        underWay = new Taken(state, job.adapters(), position, pending.size());
        underWay.adapters().values().forEach(Invariants::checkFinite);
    }

    private void complete() throws IOException {
        if (underWay != null) {
            last = new Complete(underWay.state(), underWay.adapters(), underWay.offset());
            List<Emission> covered = pending.subList(0, underWay.outputs());
            List<Emission> outputs = List.copyOf(covered);
            covered.clear();
            underWay = null;
            commit(outputs);
        }
    }

    private void commit(List<Emission> outputs) throws IOException {
        for (Emission emission : outputs) {
            for (AdapterRelease release : emission.releases()) {
                versions.commit(release);
                assertThat(versions.read(release)).isEqualTo(release.state());
            }
        }
        committed.addAll(world.commits().apply(outputs));
    }

    /** Whatever is not in the last complete checkpoint is lost. */
    private void restore(int parallelism) throws Exception {
        pending.clear();
        underWay = null;
        job.close();
        job = SimulatedJob.start(setup, site, parallelism, now, last.state());
        Differences.checkNone(
                "adapters after a restore from those in the checkpoint",
                job.adapters(),
                last.adapters());
        world.restores().accept(job);
        position = (int) Math.min(log.size(), world.replaysFrom().applyAsLong(last.offset()));
    }

    private void compare(UninterruptedRun uninterrupted) {
        Differences.checkNone(
                "adapters at the end from those of a run that was never interrupted",
                last.adapters(),
                uninterrupted.adapters());
        assertThat(steps(committed)).isEqualTo(steps(uninterrupted.outputs()));
        assertThat(predictions(committed)).isEqualTo(predictions(uninterrupted.outputs()));
        assertThat(inputs(committed)).isEqualTo(inputs(uninterrupted.outputs()));
    }

    private static Map<String, List<TrainingReport>> steps(List<Emission> outputs) {
        return outputs.stream()
                .flatMap(emission -> emission.reports().stream())
                .collect(groupingBy(TrainingReport::getAdapterId));
    }

    private static Map<String, List<Prediction>> predictions(List<Emission> outputs) {
        return outputs.stream()
                .flatMap(emission -> emission.predictions().stream())
                .collect(groupingBy(Prediction::getAdapterId));
    }

    /** What was said of each input, whenever that was. */
    private static SortedMap<String, String> inputs(List<Emission> outputs) {
        SortedMap<String, String> inputs = new TreeMap<>();
        for (Emission emission : outputs) {
            for (PredictedInput each : emission.inputs()) {
                inputs.put(
                        each.input().exampleId(),
                        "%s at step %d, version %s, revision %d, prior %s, norm %s"
                                .formatted(
                                        each.said(),
                                        each.step(),
                                        each.version(),
                                        each.labelRevision(),
                                        each.prior(),
                                        each.vectorNorm()));
            }
        }
        return inputs;
    }

    private int parallelism() {
        return job.parallelism();
    }

    private long committedEntries() {
        return committed.isEmpty() ? 0 : committed.get(committed.size() - 1).offset() + 1;
    }

    private void check() throws IOException {
        List<Emission> surviving = new ArrayList<>(committed);
        surviving.addAll(pending);
        History history = Invariants.check(surviving);
        if (setup.isDeterministic()) {
            assertThat(history)
                    .isEqualTo(Oracle.expect(setup, log.subList(0, position), committedWhenRead));
        }
        long releases = committed.stream().mapToLong(emission -> emission.releases().size()).sum();
        assertThat(versions.visible()).as("versions that anyone sees").isEqualTo(releases);
    }
}
