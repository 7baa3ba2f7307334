package io.rankstream.job.simulation;

import io.rankstream.adapters.state.AdapterState;
import io.rankstream.job.simulation.SimulationEvent.Entry;
import io.rankstream.job.simulation.SimulationEvent.ExampleArrives;
import io.rankstream.job.simulation.SimulationEvent.Flaw;
import io.rankstream.job.simulation.SimulationEvent.StreamEnds;
import io.rankstream.job.simulation.SimulationEvent.TimePasses;
import io.rankstream.job.state.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.PropagationMode;

/**
 * The stateful operators under examples, commands, checkpoints, crashes and rescales in any order.
 *
 * <p>A failure prints its seed, the scenario that was found and the smallest one that still fails.
 * To see it again: {@code mvn -pl flink-job -am test -Dtest=SimulationTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dsimulation.seed=SEED}. {@code -Dsimulation.tries} takes
 * another number of tries.
 */
@AddLifecycleHook(value = SimulationTries.class, propagateTo = PropagationMode.ALL_DESCENDANTS)
final class SimulationTest {

    private static SimulatedModel model;

    @BeforeContainer
    static void openModel() throws Exception {
        model = new SimulatedModel();
    }

    @AfterContainer
    static void closeModel() throws Exception {
        model.close();
    }

    /** After every event: {@link Invariants}, and {@link Oracle} where the clock has no say. */
    @Property(edgeCases = EdgeCasesMode.NONE)
    void endsAsARunThatWasNeverInterrupted(@ForAll("scenarios") Scenario scenario)
            throws Exception {
        Simulation.verify(scenario, model.source(), World.SOUND);
    }

    /**
     * Batches of one: a batch would otherwise take in other examples. A moment passes after every
     * entry, so that what was held, a refused example among it, is not still waiting when the next
     * one comes. Every adapter begins with a good example, since commands are refused before it has
     * one, and a refused one tells the operator that judges them too little.
     */
    @Property(edgeCases = EdgeCasesMode.NONE)
    void endsAsIfTheRefusedExamplesHadNeverBeen(
            @ForAll("setups") SimulationSetup setup, @ForAll("entries") List<Entry> entries)
            throws Exception {
        SimulationSetup ofOne = setup.withBatchesOf(1);
        List<Entry> all =
                Stream.concat(firstExamples(), entries.stream())
                        .flatMap(SimulationTest::thenAMoment)
                        .toList();
        UninterruptedRun whole = run(ofOne, all);
        Set<Long> refused =
                whole.outputs().stream()
                        .flatMap(emission -> emission.letters().stream())
                        .map(letter -> letter.getOffset())
                        .collect(Collectors.toSet());

        List<Entry> rest = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (!refused.contains((long) i)) {
                rest.add(all.get(i));
            }
        }

        Differences.checkNone(
                "adapters without the refused examples from those with them",
                run(ofOne, rest).adapters(),
                whole.adapters());
    }

    private static Stream<Entry> firstExamples() {
        return Stream.concat(SimulationSetup.NAMED.stream(), SimulationSetup.UNNAMED.stream())
                .map(adapterId -> new ExampleArrives(adapterId, Flaw.NONE, 0));
    }

    private static Stream<Entry> thenAMoment(Entry entry) {
        return Stream.of(entry, new TimePasses(1));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void badExamplesOfOneAdapterChangeNoOther(
            @ForAll("setups") SimulationSetup setup,
            @ForAll("named") String sufferer,
            @ForAll("entries") List<Entry> entries)
            throws Exception {
        List<Entry> rest =
                entries.stream()
                        .filter(
                                entry ->
                                        !(entry instanceof ExampleArrives example
                                                && example.adapterId().equals(sufferer)
                                                && example.flaw() != Flaw.NONE))
                        .toList();

        UninterruptedRun with = run(setup, entries);
        UninterruptedRun without = run(setup, rest);

        Differences.checkNone(
                "other adapters without the bad examples from those with them",
                others(without, sufferer),
                others(with, sufferer));
    }

    /** To the end, with every version visible at once. */
    private static UninterruptedRun run(SimulationSetup setup, List<Entry> entries)
            throws Exception {
        List<Entry> log = new ArrayList<>(entries);
        log.add(new StreamEnds());
        return UninterruptedRun.of(setup, model.source(), log, offset -> offset);
    }

    private static SortedMap<String, AdapterState> others(UninterruptedRun run, String adapterId) {
        SortedMap<String, AdapterState> others = new TreeMap<>(run.adapters());
        others.remove(adapterId);
        return others;
    }

    @Provide
    Arbitrary<Scenario> scenarios() {
        return Scenarios.scenarios();
    }

    @Provide
    Arbitrary<SimulationSetup> setups() {
        return Scenarios.setups(Arbitraries.just(Backend.HASH_MAP));
    }

    @Provide
    Arbitrary<List<Entry>> entries() {
        return Scenarios.entries();
    }

    @Provide
    Arbitrary<String> named() {
        return Arbitraries.of(SimulationSetup.NAMED);
    }
}
