package io.rankstream.job.loop.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.config.settings.LabelUtility;
import io.rankstream.job.loop.quality.QualitySimulation.Run;
import io.rankstream.job.loop.quality.QualitySimulation.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whether the interval holds the truth as often as it says: 200 runs a world, selected by
 * uncertainty, answered late, a third never.
 */
class QualityCoverageTest {

    private static final int RUNS = 200;

    static Stream<World> worlds() {
        return Stream.of(
                world("calibrated", 2.5, 1, 0, .3, .2, 0, 0),
                world("too sure", 2.5, 3, 0, .3, .2, 0, 0),
                world("too unsure", 2.5, .4, 0, .3, .2, 0, 0),
                world("hardly ever wrong", 5, 1, 0, .3, .2, 0, 0),
                world("hardly ever wrong, too sure", 5, 3, 0, .3, .2, 0, 0),
                world("often wrong", .5, 1, 0, .3, .2, 0, 0),
                world("gets worse", 3, 1, -3, .3, .2, 0, 0),
                world("labels in part wrong", 2.5, 1, 0, .3, .2, .05, 0),
                world("a rare class", 2.5, 1, 0, .3, .2, 0, .02),
                world("every label comes", 2.5, 1, 0, 0, 0, 0, 0));
    }

    private static World world(
            String name,
            double skill,
            double confidence,
            double drift,
            double missing,
            double missingOfHard,
            double noise,
            double rare) {
        return new World(name, 2000, skill, confidence, drift, missing, missingOfHard, noise, rare);
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void ofEachWorldTheBiasIsSmallBesideTheInterval(World world) {
        List<Run> runs =
                QualitySimulation.runs(
                        world, QualitySimulation.settings(LabelUtility.MARGIN, .1, .5), RUNS);
        System.out.println(told(world, runs));

        assertThat(Math.abs(mean(runs, Run::error))).isLessThan(.1 * width(runs));
        assertThat(Math.abs(mean(runs, Run::naiveError))).isGreaterThan(.3 * width(runs));
        assertThat(covered(runs)).isBetween(.9, .99);
        assertThat(runs).allMatch(run -> run.estimate().getLow() <= run.estimate().getAccuracy());
        assertThat(runs).allMatch(run -> run.estimate().getAccuracy() <= run.estimate().getHigh());
    }

    @Test
    void overAllWorldsTheIntervalHoldsTheTruthAsOftenAsItSays() {
        List<Run> all = new ArrayList<>();
        worlds().forEach(
                        world ->
                                all.addAll(
                                        QualitySimulation.runs(
                                                world,
                                                QualitySimulation.settings(
                                                        LabelUtility.ENTROPY, .1, .5),
                                                RUNS)));

        assertThat(covered(all)).isBetween(.93, .97);
    }

    private static String told(World world, List<Run> runs) {
        return String.format(
                Locale.ROOT,
                "%-28s true %.3f, labels %3.0f, effective %3.0f | error %+.4f, width %.3f, covered"
                        + " %.3f | naive error %+.4f",
                world.name(),
                mean(runs, Run::truth),
                mean(runs, run -> run.estimate().getReturned()),
                mean(runs, run -> run.estimate().getEffectiveLabels()),
                mean(runs, Run::error),
                width(runs),
                covered(runs),
                mean(runs, Run::naiveError));
    }

    private static double width(List<Run> runs) {
        return mean(runs, run -> run.estimate().getHigh() - run.estimate().getLow());
    }

    private static double covered(List<Run> runs) {
        return mean(runs, run -> run.isCovered() ? 1 : 0);
    }

    private static double mean(List<Run> runs, ToDoubleFunction<Run> of) {
        return runs.stream().mapToDouble(of).average().orElseThrow();
    }
}
