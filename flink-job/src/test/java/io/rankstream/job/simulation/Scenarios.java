package io.rankstream.job.simulation;

import io.rankstream.job.simulation.SimulationEvent.Checkpoint;
import io.rankstream.job.simulation.SimulationEvent.CommandArrives;
import io.rankstream.job.simulation.SimulationEvent.Crash;
import io.rankstream.job.simulation.SimulationEvent.CrashBeforeCommit;
import io.rankstream.job.simulation.SimulationEvent.Entry;
import io.rankstream.job.simulation.SimulationEvent.ExampleArrives;
import io.rankstream.job.simulation.SimulationEvent.Flaw;
import io.rankstream.job.simulation.SimulationEvent.InputArrives;
import io.rankstream.job.simulation.SimulationEvent.Rescale;
import io.rankstream.job.simulation.SimulationEvent.Snapshot;
import io.rankstream.job.simulation.SimulationEvent.SnapshotCompletes;
import io.rankstream.job.simulation.SimulationEvent.TimePasses;
import io.rankstream.job.simulation.SimulationSetup.Others;
import io.rankstream.job.state.Backend;
import io.rankstream.schemas.ControlAction;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Scenarios and logs in any order; they shrink towards fewer and simpler events. */
final class Scenarios {

    private static final int MOST_EVENTS = 40;
    private static final int MOST_SUBTASKS = 3;

    private Scenarios() {}

    static Arbitrary<Scenario> scenarios() {
        // RocksDB is slow to open; every run of the other backend is compared with one of it.
        Arbitrary<Backend> backends =
                Arbitraries.frequency(Tuple.of(9, Backend.HASH_MAP), Tuple.of(1, Backend.ROCKS_DB));
        // An example has 2 to 5 tokens.
        Arbitrary<Integer> bundleTokens =
                Arbitraries.frequencyOf(
                        Tuple.of(3, Arbitraries.just(0)),
                        Tuple.of(1, Arbitraries.integers().between(4, 20)));
        return Combinators.combine(setups(backends), bundleTokens, events())
                .as((setup, tokens, events) -> new Scenario(setup.withBundlesOf(tokens), events));
    }

    /** Without bundles, which make numbers depend on what comes of other adapters. */
    static Arbitrary<SimulationSetup> setups(Arbitrary<Backend> backends) {
        return Combinators.combine(
                        backends,
                        subtasks(),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.frequency(
                                Tuple.of(5, Duration.ZERO), Tuple.of(1, Duration.ofMillis(20))),
                        Arbitraries.of(Others.class))
                .as(
                        (backend, parallelism, room, everySteps, maxExamples, linger, others) ->
                                new SimulationSetup(
                                        backend,
                                        parallelism,
                                        room,
                                        everySteps,
                                        // With one place, it must be clear who comes first.
                                        others == Others.ONE ? 1 : maxExamples,
                                        linger,
                                        0,
                                        others));
    }

    static Arbitrary<List<SimulationEvent>> events() {
        return Arbitraries.<SimulationEvent>frequencyOf(
                        Tuple.of(26, examples()),
                        Tuple.of(6, inputs()),
                        Tuple.of(12, commands()),
                        Tuple.of(3, timePassing()),
                        Tuple.of(4, Arbitraries.just(new Checkpoint())),
                        Tuple.of(2, Arbitraries.just(new Snapshot())),
                        Tuple.of(2, Arbitraries.just(new SnapshotCompletes())),
                        Tuple.of(2, Arbitraries.just(new Crash())),
                        Tuple.of(1, Arbitraries.just(new CrashBeforeCommit())),
                        Tuple.of(2, subtasks().map(Rescale::new)))
                .list()
                .ofMaxSize(MOST_EVENTS);
    }

    /** Entries of a log before its end. */
    static Arbitrary<List<Entry>> entries() {
        return Arbitraries.<Entry>frequencyOf(
                        Tuple.of(26, examples()),
                        Tuple.of(6, inputs()),
                        Tuple.of(12, commands()),
                        Tuple.of(3, timePassing()))
                .list()
                .ofMaxSize(MOST_EVENTS);
    }

    private static Arbitrary<Integer> subtasks() {
        return Arbitraries.integers().between(1, MOST_SUBTASKS);
    }

    /** Mostly of two adapters, so that they get somewhere. */
    private static Arbitrary<String> adapterIds() {
        return Arbitraries.frequency(
                Tuple.of(8, "a"),
                Tuple.of(6, "b"),
                Tuple.of(2, "c"),
                Tuple.of(2, SimulationSetup.UNNAMED.get(0)),
                Tuple.of(2, SimulationSetup.UNNAMED.get(1)));
    }

    private static Arbitrary<ExampleArrives> examples() {
        return Combinators.combine(
                        adapterIds(),
                        Arbitraries.frequency(
                                Tuple.of(8, Flaw.NONE),
                                Tuple.of(2, Flaw.UNKNOWN_LABEL),
                                Tuple.of(1, Flaw.NOT_FINITE)),
                        Arbitraries.integers().between(0, 99))
                .as(ExampleArrives::new);
    }

    private static Arbitrary<InputArrives> inputs() {
        return Combinators.combine(
                        adapterIds(),
                        Arbitraries.frequency(Tuple.of(8, Flaw.NONE), Tuple.of(1, Flaw.NOT_FINITE)),
                        Arbitraries.integers().between(0, 99))
                .as(InputArrives::new);
    }

    private static Arbitrary<CommandArrives> commands() {
        return Combinators.combine(
                        adapterIds(),
                        Arbitraries.frequency(
                                Tuple.of(3, ControlAction.PAUSE),
                                Tuple.of(3, ControlAction.RESUME),
                                Tuple.of(2, ControlAction.PUBLISH),
                                Tuple.of(4, ControlAction.ROLL_BACK),
                                Tuple.of(1, ControlAction.RESET),
                                Tuple.of(2, ControlAction.SET_BUDGET),
                                Tuple.of(3, ControlAction.ADD_LABEL),
                                Tuple.of(1, ControlAction.RETIRE_LABEL),
                                Tuple.of(2, ControlAction.EXPECT_DRIFT),
                                Tuple.of(1, ControlAction.DISMISS_DRIFT),
                                Tuple.of(1, ControlAction.UNKNOWN)),
                        Arbitraries.integers().between(1, 9),
                        Arbitraries.frequencyOf(
                                        Tuple.of(6, Arbitraries.integers().between(1, 3)),
                                        Tuple.of(2, Arbitraries.integers().between(0, 30)))
                                .injectNull(0.05),
                        Arbitraries.longs().between(0, 3).injectNull(0.7))
                .as(Scenarios::command);
    }

    /** Who of the adapters without settings of their own comes first must be clear: none waits. */
    private static CommandArrives command(
            String adapterId,
            ControlAction action,
            int id,
            Integer argument,
            Long expectedRevision) {
        boolean mayPause = SimulationSetup.NAMED.contains(adapterId);
        return new CommandArrives(
                adapterId,
                action == ControlAction.PAUSE && !mayPause ? ControlAction.RESUME : action,
                id,
                argument,
                expectedRevision);
    }

    private static Arbitrary<TimePasses> timePassing() {
        return Arbitraries.integers().between(1, 30).map(TimePasses::new);
    }
}
