package io.rankstream.job.loop.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.loop.entry.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * An input waits for its label for the whole horizon, and a vote for its input: in streams that
 * come in bursts with days and weeks between them, or an input at a time, with inputs that are
 * older than the others, and wild clocks, the first one among them. What inputs are out of order
 * may be missing of the horizon. A seed that fails is named.
 */
class LoopWaitTest {

    private static final int SEEDS = 5 * Integer.getInteger("simulation.tries", 200);
    private static final long HOUR = Duration.ofHours(1).toMillis();

    /** Hours by which an input may be older than what came before it. */
    private static final int OLDEST = 10;

    private static final long HORIZON = LoopRun.SETTINGS.horizon().toMillis();

    /** An input that has come, or a vote whose input has not. */
    private record Waiting(String exampleId, long cameAt, boolean isInput) {}

    @Test
    void aVoteAndItsInputThatComeWithinTheHorizonDecide() throws Exception {
        long votes = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            World world = new World(seed);
            while (world.came < 120) {
                world.goOn();
            }
            votes += world.votes;
        }
        assertThat(votes).isGreaterThan(10L * SEEDS);
    }

    /** Inputs of three bursts, or out of order, make the time jump once and again. */
    @Test
    void aStreamThatIsBelievedByStepsLosesNothing() throws Exception {
        LoopRun run = new LoopRun(LoopRun.SETTINGS, 1);
        for (int i = 0; i <= 16; i++) {
            run.take(Elements.input("before" + i, Elements.START));
        }
        for (int i = 0; i < 48; i++) {
            long hours = i < 8 ? 100 : i == 20 ? 121 : 130;
            run.take(Elements.input("x" + i, Elements.START + hours * HOUR));
        }
        assertThat(run.state.account().time().jumps())
                .extracting(jump -> (jump.to() - Elements.START) / HOUR)
                .containsExactly(100L, 121L, 130L);
        for (int i = 8; i < 48; i++) {
            run.take(Elements.vote("ann", "x" + i, "spam"));
            assertThat(run.state.entry("x" + i).phase()).isEqualTo(Phase.DECIDED);
        }
    }

    /** Votes come within the horizon, by the newest of the inputs whose clocks are right. */
    private static final class World {

        private final LoopRun run = new LoopRun(LoopRun.SETTINGS, 1);
        private final List<Waiting> waiting = new ArrayList<>();
        private final long seed;
        private final Random random;
        private final long gap;
        private long time = Elements.START;
        private long burst;
        private int came;
        private int votes;

        World(long seed) throws Exception {
            this.seed = seed;
            random = new Random(seed);
            gap = random.nextInt(4) == 0 ? 7 * HOUR : HOUR / 20;
            switch (random.nextInt(4)) {
                case 0 -> take(0);
                case 1 -> take(time + 100_000 * HOUR);
                default -> {}
            }
        }

        void goOn() throws Exception {
            if (burst == 0) {
                burst = 1L + random.nextInt(40);
                time += HOUR * random.nextInt(20) * random.nextInt(50);
            }
            burst--;
            time += (long) (gap * random.nextDouble());
            letGo();
            if (random.nextInt(10) == 0) {
                String id = "parked" + came;
                run.take(Elements.vote("ann", id, "spam"));
                waiting.add(new Waiting(id, time, false));
            }
            int kind = random.nextInt(30);
            if (kind == 0) {
                take(time + 100_000 * HOUR);
            } else if (kind < 3) {
                take(time - random.nextInt(OLDEST) * HOUR);
            } else {
                take(time);
            }
            answerSome();
        }

        private void take(long eventTime) throws Exception {
            String id = "x" + came++;
            run.take(Elements.input(id, eventTime));
            waiting.add(new Waiting(id, time, true));
        }

        /** What has waited for so long when the stream goes on is no concern any more. */
        private void letGo() {
            waiting.removeIf(each -> time - each.cameAt() >= HORIZON - OLDEST * HOUR);
        }

        private void answerSome() throws Exception {
            if (!waiting.isEmpty() && random.nextInt(2) == 0) {
                Waiting answered = waiting.remove(random.nextInt(waiting.size()));
                votes++;
                run.take(
                        answered.isInput()
                                ? Elements.vote("ann", answered.exampleId(), "spam")
                                : Elements.input(answered.exampleId(), time));
                assertThat(run.state.entry(answered.exampleId()).phase())
                        .as("%s of seed %d", answered, seed)
                        .isEqualTo(Phase.DECIDED);
            }
        }
    }
}
