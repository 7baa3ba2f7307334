package io.rankstream.job.loop.quality;

import io.rankstream.job.loop.select.Draw;

/**
 * What is known of an input from its draw on, and never changes.
 *
 * @param inclusionProbability with which a label was to be asked for; 0 where none could be
 * @param selected whether one is asked for
 * @param uniform whether it is by the share that every input has alike
 * @param uniformProbability with which it was to be by that share
 * @param stratum of its utility, from 0 to below {@link #STRATA}
 * @param probability of the label that was predicted; not a number where none was
 */
public record DrawnInput(
        double inclusionProbability,
        boolean selected,
        boolean uniform,
        double uniformProbability,
        int stratum,
        double probability) {

    /** Strata of utility. What decides is known before the draw. */
    public static final int STRATA = 4;

    private static final double[] BOUNDS = {.25, 1, 2.5};

    public DrawnInput {
        if (!(inclusionProbability >= 0 && inclusionProbability <= 1)
                || (selected && inclusionProbability == 0)
                || !(uniformProbability >= 0 && uniformProbability <= inclusionProbability)
                || (uniform && uniformProbability == 0)
                || stratum < 0
                || stratum >= STRATA) {
            throw new IllegalArgumentException(
                    "an input of stratum %d was %s with probability %s, and %s by the share of all, expected a stratum from 0 to %d, and probabilities from 0 to 1, above 0 if selected, the second not above the first"
                            .formatted(
                                    stratum,
                                    selected ? "selected" : "not selected",
                                    inclusionProbability,
                                    uniformProbability,
                                    STRATA - 1));
        }
    }

    /**
     * An input that was drawn.
     *
     * @param probability of the label that was predicted; not a number where none was
     */
    public static DrawnInput of(Draw draw, double probability) {
        int stratum = 0;
        while (stratum < BOUNDS.length && draw.utility() >= BOUNDS[stratum]) {
            stratum++;
        }
        return new DrawnInput(
                draw.inclusionProbability(),
                draw.selected(),
                draw.uniform(),
                draw.uniformProbability(),
                stratum,
                probability);
    }

    /** Whether a label was predicted, so that it can be right or wrong. */
    boolean isPredicted() {
        return Double.isFinite(probability);
    }

    /** Inputs that it stands for where all labels come. */
    double weight() {
        return 1 / inclusionProbability;
    }
}
