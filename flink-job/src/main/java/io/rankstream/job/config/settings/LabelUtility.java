package io.rankstream.job.config.settings;

import java.util.Collection;

/**
 * How much a label is taken to teach, by what was said of the input: 0 where nothing is in doubt.
 */
public enum LabelUtility {
    /** 1 less the margin between the two most probable labels. */
    MARGIN {
        @Override
        public double of(Collection<Float> probabilities) {
            double first = 0;
            double second = 0;
            for (float probability : probabilities) {
                if (probability > first) {
                    second = first;
                    first = probability;
                } else {
                    second = Math.max(second, probability);
                }
            }
            return 1 - (first - second);
        }
    },
    /** Entropy, of that of labels that are all alike. */
    ENTROPY {
        @Override
        public double of(Collection<Float> probabilities) {
            double entropy = 0;
            for (float probability : probabilities) {
                entropy -= probability > 0 ? probability * StrictMath.log(probability) : 0;
            }
            return entropy / StrictMath.log(Math.max(2, probabilities.size()));
        }
    },
    /**
     * Length of the gradient of the loss by the logits, if the most probable label were true
     * (BADGE, arXiv 1906.03671).
     */
    GRADIENT {
        @Override
        public double of(Collection<Float> probabilities) {
            double first = 0;
            double squares = 0;
            for (float probability : probabilities) {
                first = Math.max(first, probability);
                squares += (double) probability * probability;
            }
            return Math.sqrt(Math.max(0, squares - first * first + (1 - first) * (1 - first)));
        }
    };

    /**
     * Utility of a label.
     *
     * @param probabilities of all labels; those of one add up to 1
     */
    public abstract double of(Collection<Float> probabilities);
}
