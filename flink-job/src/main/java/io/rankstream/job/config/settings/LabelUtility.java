package io.rankstream.job.config.settings;

import java.util.Collection;
import java.util.List;

/**
 * How much a label is taken to teach, by what was said of the input: 0 where nothing is in doubt.
 */
public enum LabelUtility {
    /**
     * 1 less the margin between the two most probable labels; of labels that each may be true, that
     * between true and not true of the one for which it is least.
     */
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

        @Override
        public double ofEach(Collection<Float> probabilities) {
            double most = 0;
            for (float probability : probabilities) {
                most = Math.max(most, 1 - Math.abs(2.0 * probability - 1));
            }
            return most;
        }
    },
    /**
     * Entropy, of that of labels that are all alike; of labels that each may be true, its mean over
     * them.
     */
    ENTROPY {
        @Override
        public double of(Collection<Float> probabilities) {
            double entropy = 0;
            for (float probability : probabilities) {
                entropy -= probability > 0 ? probability * StrictMath.log(probability) : 0;
            }
            return entropy / StrictMath.log(Math.max(2, probabilities.size()));
        }

        @Override
        public double ofEach(Collection<Float> probabilities) {
            double entropy = 0;
            for (float probability : probabilities) {
                entropy += of(List.of(probability, 1 - probability));
            }
            return entropy / probabilities.size();
        }
    },
    /**
     * Length of the gradient of the loss by the logits, if what is most probable were true (BADGE,
     * arXiv 1906.03671).
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

        @Override
        public double ofEach(Collection<Float> probabilities) {
            double squares = 0;
            for (float probability : probabilities) {
                double away = Math.min(probability, 1.0 - probability);
                squares += away * away;
            }
            return Math.sqrt(squares);
        }
    };

    /**
     * Utility of a label.
     *
     * @param probabilities of all labels; those of one add up to 1
     */
    public abstract double of(Collection<Float> probabilities);

    /**
     * Utility of the labels of an input of which any number may be true.
     *
     * @param probabilities of all labels, at least one, each its own
     */
    public abstract double ofEach(Collection<Float> probabilities);
}
