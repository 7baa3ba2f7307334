package io.rankstream.job.loop.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.config.settings.JoinSettings;
import io.rankstream.job.loop.account.Deadline;
import io.rankstream.job.loop.entry.Phase;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.OutcomeStatus;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Thousands of disordered streams through the loop, each also with crashes. A seed that fails is
 * named, and can be run alone.
 */
class LoopSimulationTest {

    private static final int SEEDS = 5 * Integer.getInteger("simulation.tries", 200);
    private static final int ELEMENTS = 80;

    @Test
    void everyVoteEndsInOneOutcomeOrOneDeadLetterOrIsHeld() throws Exception {
        Set<OutcomeStatus> seen = EnumSet.noneOf(OutcomeStatus.class);
        for (long seed = 0; seed < SEEDS; seed++) {
            List<Object> elements = DisorderedStream.of(seed, ELEMENTS);
            LoopRun run = run(seed).takeAll(elements);
            assertThat(Conservation.violations(elements, run.told.all(), run.state))
                    .as("seed %d", seed)
                    .isEmpty();
            seen.addAll(run.told.statuses());
        }
        assertThat(seen).hasSize(OutcomeStatus.values().length - 1);
    }

    @Test
    void aRunWithCrashesTellsAndKeepsWhatOneWithoutDoes() throws Exception {
        for (long seed = 0; seed < SEEDS; seed++) {
            List<Object> elements = DisorderedStream.of(seed, ELEMENTS);
            LoopRun straight = run(seed).takeAll(elements);
            LoopRun crashed = run(seed).takeWithCrashes(elements, new Random(~seed));
            assertThat(crashed.told.all()).as("seed %d", seed).isEqualTo(straight.told.all());
            assertThat(crashed.state.content())
                    .as("seed %d", seed)
                    .isEqualTo(straight.state.content());
        }
    }

    /** Nothing is left of a stream but what came within the horizon and the time of corrections. */
    @Test
    void stateIsBoundedByTheHorizon() throws Exception {
        for (long seed = 0; seed < SEEDS / 10; seed++) {
            List<Object> elements = new ArrayList<>(DisorderedStream.of(seed, ELEMENTS));
            LoopRun run = run(seed).takeAll(elements);
            long end = Elements.START + 20_000 * 3_600_000L;
            for (int i = 0; i < 300; i++) {
                Object after = Elements.input("after" + i, end + i * 600_000L);
                elements.add(after);
                run.take(after);
            }
            assertThat(Conservation.violations(elements, run.told.all(), run.state))
                    .as("seed %d", seed)
                    .isEmpty();
            assertThat(run.state.entries().keySet())
                    .as("seed %d", seed)
                    .allMatch(id -> id.startsWith("after"));
            assertThat(run.state.entries().values())
                    .noneMatch(entry -> entry.phase() == Phase.PARKED);
            assertThat(run.state.slots(Deadline.EXPIRY)).hasSizeLessThan(160);
        }
    }

    /** The checks can fail. */
    @Test
    void anOutcomeThatIsLostOrToldTwiceIsFound() throws Exception {
        List<Object> elements = DisorderedStream.of(1, ELEMENTS);
        LoopRun run = run(1).takeAll(elements);
        List<Object> told = run.told.all();
        int outcome = told.indexOf(run.told.of(LabelOutcome.class).get(2));

        List<Object> lost = new ArrayList<>(told);
        lost.remove(outcome);
        assertThat(Conservation.violations(elements, lost, run.state)).isNotEmpty();

        List<Object> twice = new ArrayList<>(told);
        twice.add(outcome, told.get(outcome));
        assertThat(Conservation.violations(elements, twice, run.state)).isNotEmpty();
    }

    private static LoopRun run(long seed) {
        JoinSettings settings =
                LoopRun.settings(1 + (int) (seed % 2), seed % 3 == 0 ? .4 : 0, seed % 5 == 0);
        return new LoopRun(settings, seed % 7 == 0 ? .1 : .6);
    }
}
