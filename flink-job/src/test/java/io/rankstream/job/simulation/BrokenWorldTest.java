package io.rankstream.job.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.ImportanceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import net.jqwik.api.Example;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * The checks of {@link SimulationTest} can fail: over the scenarios that it draws from, a world
 * that breaks one promise is found out.
 */
final class BrokenWorldTest {

    private static final int SCENARIOS = 200;
    private static final long SEED = 11;

    private static SimulatedModel model;

    @BeforeContainer
    static void openModel() throws Exception {
        model = new SimulatedModel();
    }

    @AfterContainer
    static void closeModel() throws Exception {
        model.close();
    }

    @Example
    void aSourceThatLosesAnEntryAtARestoreIsFoundOut() {
        World loses =
                new World(offset -> offset + 1, World.SOUND.commits(), World.SOUND.restores());

        assertFoundOut(loses);
    }

    @Example
    void aSourceThatRepeatsAnEntryAtARestoreIsFoundOut() {
        World repeats =
                new World(
                        offset -> Math.max(0, offset - 1),
                        World.SOUND.commits(),
                        World.SOUND.restores());

        assertFoundOut(repeats);
    }

    @Example
    void aSinkThatCommitsItsOutputsTwiceIsFoundOut() {
        World twice =
                new World(
                        World.SOUND.replaysFrom(), BrokenWorldTest::twice, World.SOUND.restores());

        assertFoundOut(twice);
    }

    @Example
    void aSinkThatLosesItsOutputsIsFoundOut() {
        World loses =
                new World(World.SOUND.replaysFrom(), outputs -> List.of(), World.SOUND.restores());

        assertFoundOut(loses);
    }

    @Example
    void aRestoreThatForgetsImportanceIsFoundOutByTheStateAtTheEnd() {
        World forgets =
                new World(
                        World.SOUND.replaysFrom(),
                        World.SOUND.commits(),
                        job -> job.rewriteAdapters(BrokenWorldTest::withoutImportance));

        assertThat(firstComplaint(forgets, scenario -> true))
                .hasValueSatisfying(complaint -> assertThat(complaint).contains("importance"));
    }

    /** With the oracle, and without it where the clock has its say. */
    private static void assertFoundOut(World world) {
        assertThat(firstComplaint(world, scenario -> scenario.setup().isDeterministic()))
                .isPresent();
        assertThat(firstComplaint(world, scenario -> !scenario.setup().isDeterministic()))
                .isPresent();
    }

    private static List<Emission> twice(List<Emission> outputs) {
        List<Emission> all = new ArrayList<>(outputs);
        all.addAll(outputs);
        return all;
    }

    private static AdapterState withoutImportance(AdapterState state) {
        int values = state.triplets().values().length;
        return new AdapterState(
                state.meta(),
                state.triplets(),
                state.moments(),
                new ImportanceState(new float[values], new float[values]),
                state.budget(),
                state.head());
    }

    /** What the first scenario says that the world does not stand. */
    private static Optional<String> firstComplaint(World world, Predicate<Scenario> which) {
        return Scenarios.scenarios().generator(SCENARIOS).stream(new Random(SEED))
                .map(Shrinkable::value)
                .filter(which)
                .limit(SCENARIOS)
                .map(scenario -> complaint(scenario, world))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> complaint(Scenario scenario, World world) {
        try {
            Simulation.verify(scenario, model.source(), world);
            return Optional.empty();
        } catch (AssertionError e) {
            return Optional.of(e.getMessage());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
