package io.rankstream.adapters.adalora;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BudgetScheduleTest {

    @Nested
    class Finite {

        /** b⁰ = 24 and bᵀ = 16 over two modules of rank 12. */
        private final BudgetSchedule small = new FiniteBudgetSchedule(20, 2, 4, 2, 8);

        @Test
        void followsThePublishedCubicRamp() {
            List<Integer> budgets =
                    LongStream.range(0, 20)
                            .mapToObj(t -> small.at(steps(t), 2, 12).budget())
                            .toList();
            assertThat(budgets)
                    .containsExactly(
                            24, 24, 24, 22, 21, 19, 18, 18, 17, 17, 16, 16, 16, 16, 16, 16, 16, 16,
                            16, 16);
        }

        @Test
        void masksEveryIntervalAndThenAtEveryFinalStep() {
            List<Long> masks =
                    LongStream.range(0, 20)
                            .filter(t -> small.at(steps(t), 2, 12).mask())
                            .boxed()
                            .toList();
            assertThat(masks).containsExactly(4L, 6L, 8L, 10L, 12L, 14L, 16L, 17L, 18L, 19L);
        }

        @Test
        void freezesThePatternInTheFinalSteps() {
            List<Long> frozen =
                    LongStream.range(0, 20)
                            .filter(t -> small.at(steps(t), 2, 12).frozen())
                            .boxed()
                            .toList();
            assertThat(frozen).containsExactly(16L, 17L, 18L, 19L);
        }

        @Test
        void masksAtTheEndOfTheRampWhateverTheInterval() {
            BudgetSchedule uneven = new FiniteBudgetSchedule(20, 2, 4, 5, 8);
            List<Long> masks =
                    LongStream.range(0, 20)
                            .filter(t -> uneven.at(steps(t), 2, 12).mask())
                            .boxed()
                            .toList();
            assertThat(masks).containsExactly(5L, 10L, 15L, 16L, 17L, 18L, 19L);
        }

        @Test
        void meetsThePublishedBudgetsOfALongRun() {
            BudgetSchedule mnli = new FiniteBudgetSchedule(85904, 8000, 50000, 100, 8);
            assertThat(mnli.at(steps(8000), 72, 12).budget()).isEqualTo(864);
            assertThat(mnli.at(steps(8001), 72, 12).budget()).isEqualTo(863);
            assertThat(mnli.at(steps(10000), 72, 12).budget()).isEqualTo(806);
            assertThat(mnli.at(steps(20000), 72, 12).budget()).isEqualTo(629);
            assertThat(mnli.at(steps(31678), 72, 12).budget()).isEqualTo(577);
            assertThat(mnli.at(steps(31679), 72, 12).budget()).isEqualTo(576);
        }
    }

    @Nested
    class Streaming {

        private final BudgetSchedule schedule = new StreamingBudgetSchedule(10, 30, 5, 8);

        @Test
        void keepsTheInitialBudgetUnmaskedThroughTheWarmUp() {
            assertThat(LongStream.rangeClosed(0, 10).mapToObj(t -> schedule.at(steps(t), 2, 12)))
                    .containsOnly(new BudgetSchedule.Decision(24, false, false));
        }

        @Test
        void rampsDownWithoutEverRising() {
            List<Integer> budgets =
                    LongStream.rangeClosed(10, 40)
                            .mapToObj(t -> schedule.at(steps(t), 2, 12).budget())
                            .toList();
            assertThat(budgets).isSortedAccordingTo((a, b) -> b - a).startsWith(24).endsWith(16);
        }

        @Test
        void keepsAllocatingForEverAfterTheRamp() {
            long years = 1_000_000_000_000L;
            assertThat(schedule.at(steps(years), 2, 12))
                    .isEqualTo(new BudgetSchedule.Decision(16, true, false));
            assertThat(schedule.at(steps(years + 1), 2, 12))
                    .isEqualTo(new BudgetSchedule.Decision(16, false, false));
        }

        @Test
        void goesStraightToTheTargetWithoutARamp() {
            BudgetSchedule abrupt = new StreamingBudgetSchedule(10, 0, 5, 8);
            assertThat(abrupt.at(steps(11), 2, 12).budget()).isEqualTo(16);
        }
    }

    @Nested
    class StreamingInExamples {

        private final BudgetSchedule schedule =
                new StreamingBudgetSchedule(Counted.EXAMPLES, 100, 300, 5, 8);

        @Property
        void doesNotDependOnWhatAStepConsistsOf(
                @ForAll @IntRange(max = 1000) int examples,
                @ForAll @IntRange(max = 1000) int steps) {
            StreamingBudgetSchedule inSteps = new StreamingBudgetSchedule(100, 300, 5, 8);
            assertThat(schedule.at(new Progress(steps, examples), 2, 12).budget())
                    .isEqualTo(inSteps.at(steps(examples), 2, 12).budget());
        }

        @Test
        void masksEverySoManySteps() {
            assertThat(schedule.at(new Progress(40, 160), 2, 12).mask()).isTrue();
            assertThat(schedule.at(new Progress(41, 160), 2, 12).mask()).isFalse();
        }
    }

    /** Progress by steps of one example each. */
    private static Progress steps(long steps) {
        return new Progress(steps, steps);
    }
}
