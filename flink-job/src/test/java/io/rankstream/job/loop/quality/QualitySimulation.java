package io.rankstream.job.loop.quality;

import io.rankstream.job.config.settings.LabelBudget;
import io.rankstream.job.config.settings.LabelUtility;
import io.rankstream.job.config.settings.SelectionSettings;
import io.rankstream.job.loop.select.Draw;
import io.rankstream.job.loop.select.SelectionAccount;
import io.rankstream.job.loop.select.Selector;
import io.rankstream.schemas.AdapterQuality;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A stream whose truth is known: inputs are drawn by what is said of them, and answered later or
 * never. A run gives the estimate of a window by whose end the horizon of all is over.
 */
final class QualitySimulation {

    private static final long HOUR = 3_600_000;
    private static final long HORIZON = 48 * HOUR;
    private static final int INPUTS_AN_HOUR = 50;

    /** Inputs before the window, over which selection finds its scale. */
    private static final int BEFORE = 500;

    /**
     * What is simulated.
     *
     * @param skill mean log-odds of being right; their standard deviation is 2
     * @param confidence what the adapter takes its log-odds times: 1 is calibrated, above is too
     *     sure
     * @param drift added to the log-odds over the window
     * @param missing share of labels that never come
     * @param missingOfHard the same, added for inputs of more than the mean utility
     * @param noise share of labels that are decided wrong
     * @param rare share of inputs of a rare class, which are predicted right half as often
     */
    record World(
            String name,
            int inputs,
            double skill,
            double confidence,
            double drift,
            double missing,
            double missingOfHard,
            double noise,
            double rare) {}

    /**
     * What a run gave.
     *
     * @param truth share of the window's inputs whose prediction is what would be decided
     */
    record Run(AdapterQuality estimate, double truth, double rareTruth) {

        boolean isCovered() {
            return estimate.getLow() <= truth && truth <= estimate.getHigh();
        }

        double error() {
            return estimate.getAccuracy() - truth;
        }

        double naiveError() {
            return estimate.getNaiveAccuracy() - truth;
        }
    }

    static List<Run> runs(World world, SelectionSettings settings, int count) {
        List<Run> runs = new ArrayList<>();
        for (int seed = 0; seed < count; seed++) {
            runs.add(run(world, settings, seed));
        }
        return runs;
    }

    static SelectionSettings settings(LabelUtility utility, double budget, double uniformShare) {
        return new SelectionSettings(
                new LabelBudget.Share(budget), uniformShare, utility, 100_000, 1);
    }

    private static Run run(World world, SelectionSettings settings, int seed) {
        Random random = new Random(1_000_003L * seed + 17);
        Selector selector = new Selector(settings);
        SelectionAccount account = SelectionAccount.NONE;
        TreeMap<Long, Cohort> cohorts = new TreeMap<>();
        long from = BEFORE / INPUTS_AN_HOUR * HOUR;
        int all = BEFORE + world.inputs();
        int right = 0;
        int rare = 0;
        int rareRight = 0;
        for (int i = 0; i < all; i++) {
            long time = i * HOUR / INPUTS_AN_HOUR;
            double into = Math.max(0, i - BEFORE) / (double) world.inputs();
            boolean isRare = random.nextDouble() < world.rare();
            double odds =
                    2 * random.nextGaussian()
                            + world.skill()
                            + world.drift() * into
                            - (isRare ? 2 : 0);
            boolean isRight = random.nextDouble() < logistic(odds);
            double sure = logistic(world.confidence() * Math.abs(odds));
            String said = isRare == isRight ? "rare" : "usual";
            String other = said.equals("rare") ? "usual" : "rare";
            Draw draw =
                    selector.draw(
                            "a",
                            seed + "-" + i,
                            Map.of(said, (float) sure, other, (float) (1 - sure)),
                            time,
                            0,
                            account);
            account = draw.account();
            DrawnInput input = DrawnInput.of(draw, sure);
            boolean isDecidedSo = (random.nextDouble() >= world.noise()) == isRight;
            String label = isDecidedSo ? said : other;
            if (draw.selected()) {
                account = account.labeled(label);
            }
            if (i < BEFORE) {
                continue;
            }
            right += isDecidedSo ? 1 : 0;
            rare += label.equals("rare") ? 1 : 0;
            rareRight += label.equals("rare") && isDecidedSo ? 1 : 0;
            double missing = world.missing() + (draw.utility() > 1 ? world.missingOfHard() : 0);
            boolean comes = random.nextDouble() >= missing;
            long delay = (long) (-4 * HOUR * Math.log(1 - random.nextDouble()));
            long hour = time / HOUR * HOUR;
            Cohort cohort = cohorts.getOrDefault(hour, Cohort.NONE).predicted(input);
            cohorts.put(
                    hour,
                    comes && delay < HORIZON
                            ? cohort.returned(
                                    input, Optional.of(new Truth(label, isDecidedSo)), delay)
                            : cohort.expired(input));
        }
        long to = (all * HOUR / INPUTS_AN_HOUR / HOUR + 1) * HOUR;
        AdapterQuality estimate =
                QualityEstimate.of(cohorts, from, to, HOUR, to + HORIZON, HORIZON)
                        .fill(AdapterQuality.newBuilder(), List.of("usual", "rare"))
                        .setAdapterId("a")
                        .setOpenRequests(0)
                        .setBudget(0)
                        .setSpent(0)
                        .setAnnotators(List.of())
                        .build();
        return new Run(estimate, (double) right / world.inputs(), (double) rareRight / rare);
    }

    private static double logistic(double odds) {
        return 1 / (1 + Math.exp(-odds));
    }

    private QualitySimulation() {}
}
