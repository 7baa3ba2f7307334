package io.rankstream.job.loop.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Share of right predictions among all inputs of cohorts, from the labels that came of some of
 * them.
 *
 * <p>In each stratum, labels are weighted by 1/π, and the weights raised so that they add up to the
 * stratum's inputs: that makes up for labels that did not come, as far as they are missing at
 * random within a stratum. With c what a label says of a prediction, and p the probability that the
 * prediction had (arXiv 2403.03208),
 *
 * <pre>
 * Â = Σ inputs/all · (mean of p over the inputs, times λ + weighted mean of c − λ·p over the labels)
 * </pre>
 *
 * <p>Weights that are raised so make a small bias, which goes with one over the labels: about a
 * quarter of the standard deviation in the worst of the simulated windows.
 *
 * <p>λ is what makes the variance least. The interval is put together of Wilson's of each stratum
 * (recovery of variance estimates, Zou and Donner 2008), on as many labels as would tell as much if
 * all weighed alike. Intervals by the standard error alone are too narrow where few predictions are
 * wrong: seven of ten held the truth at 95 % right of 24 labels, and nine at 150.
 *
 * @param accuracy the estimate
 * @param low lower end of its 95 % interval
 * @param high upper end
 * @param lowest the estimate if every label that did not come found the prediction wrong
 * @param highest the same if it found it right
 * @param effectiveLabels labels of equal weight that would tell as much
 * @param recalls by what is true: share of its inputs that were predicted as it
 */
public record AccuracyEstimate(
        double accuracy,
        double low,
        double high,
        double lowest,
        double highest,
        double effectiveLabels,
        SortedMap<String, Double> recalls) {

    /** Quantile of the normal distribution for 95 %. */
    private static final double Z = 1.959963984540054;

    /**
     * A stratum of fewer labels is joined with its neighbor. With 10, inputs of more different
     * weights were joined, and the bias of small windows was half as large again.
     */
    private static final int LEAST_OF_STRATUM = 5;

    /** λ is chosen from so many labels at least. */
    private static final int LEAST_FOR_LAMBDA = 20;

    /** λ narrows the interval to that of so many times as many labels at most. */
    private static final double MOST_GAIN = 4;

    /**
     * The estimate.
     *
     * @param strata of which at least one has a label
     */
    static AccuracyEstimate of(List<StratumSums> strata) {
        List<StratumSums> joined = joined(strata);
        double inputs = joined.stream().mapToLong(StratumSums::inputs).sum();
        double lambda = lambda(joined);
        double accuracy = 0;
        double below = 0;
        double above = 0;
        double lowest = 0;
        double highest = 0;
        double squares = 0;
        SortedMap<String, ClassSums> classes = new TreeMap<>();
        for (StratumSums stratum : joined) {
            double share = stratum.inputs() / inputs;
            WeightedSums labels = stratum.first();
            double scale = stratum.inputs() / labels.weight();
            Wilson interval = Wilson.of(mean(stratum, lambda), labelsOf(stratum, lambda));
            accuracy += share * interval.mean();
            below += square(share * (interval.mean() - interval.low()));
            above += square(share * (interval.high() - interval.mean()));
            double missing = Math.max(0, stratum.askedWeight() - labels.weight());
            lowest += share * labels.right() / stratum.askedWeight();
            highest += share * (labels.right() + missing) / stratum.askedWeight();
            squares += scale * scale * stratum.second().weight();
            stratum.classes()
                    .forEach(
                            (label, sums) ->
                                    classes.merge(label, sums.times(scale), ClassSums::plus));
        }
        SortedMap<String, Double> recalls = new TreeMap<>();
        classes.forEach((label, sums) -> recalls.put(label, bounded(sums.right() / sums.weight())));
        return new AccuracyEstimate(
                accuracy,
                bounded(accuracy - Math.sqrt(below)),
                bounded(accuracy + Math.sqrt(above)),
                bounded(lowest),
                bounded(highest),
                inputs * inputs / squares,
                recalls);
    }

    /** Those that have inputs, in their order, each with labels enough if there are any. */
    private static List<StratumSums> joined(List<StratumSums> strata) {
        List<StratumSums> joined = new ArrayList<>();
        for (StratumSums stratum : strata) {
            int last = joined.size() - 1;
            if (stratum.inputs() == 0) {
                continue;
            }
            if (last >= 0
                    && Math.min(stratum.returned(), joined.get(last).returned())
                            < LEAST_OF_STRATUM) {
                joined.set(last, joined.get(last).plus(stratum));
            } else {
                joined.add(stratum);
            }
        }
        return joined;
    }

    /** The slope of c over p that leaves the least variance. */
    private static double lambda(List<StratumSums> strata) {
        double covariance = 0;
        double variance = 0;
        for (StratumSums stratum : strata) {
            WeightedSums labels = stratum.first();
            WeightedSums drawn = drawn(stratum);
            double right = labels.right() / labels.weight();
            double probability = labels.probability() / labels.weight();
            covariance += drawn.covariance(right, probability);
            variance += drawn.variance(probability);
        }
        long labels = strata.stream().mapToLong(StratumSums::returned).sum();
        return labels >= LEAST_FOR_LAMBDA && variance > 0
                ? Math.max(0, Math.min(2, covariance / variance))
                : 0;
    }

    /** Sums with the weight w·(w − 1), by which a label adds to the variance of its stratum. */
    private static WeightedSums drawn(StratumSums stratum) {
        double scale = stratum.inputs() / stratum.first().weight();
        return WeightedSums.NONE
                .plus(stratum.second(), scale * scale)
                .plus(stratum.first(), -scale);
    }

    private static double mean(StratumSums stratum, double lambda) {
        WeightedSums labels = stratum.first();
        double ofInputs = stratum.probability() / stratum.inputs();
        double ofLabels = labels.probability() / labels.weight();
        return bounded(labels.right() / labels.weight() + lambda * (ofInputs - ofLabels));
    }

    /** Labels of equal weight of endlessly many inputs that would tell as much of the stratum. */
    private static double labelsOf(StratumSums stratum, double lambda) {
        WeightedSums labels = stratum.first();
        WeightedSums drawn = drawn(stratum);
        double right = labels.right() / labels.weight();
        double probability = labels.probability() / labels.weight();
        double without = drawn.residual(right, probability, 0);
        double with = drawn.residual(right, probability, lambda);
        double gain =
                without > 0 && with > 0 ? Math.max(1, Math.min(MOST_GAIN, without / with)) : 1;
        return square((double) stratum.inputs()) / drawn.weight() * gain;
    }

    private static double square(double value) {
        return value * value;
    }

    private static double bounded(double share) {
        return Math.max(0, Math.min(1, share));
    }

    /** Wilson's interval of a share. */
    private record Wilson(double mean, double low, double high) {

        /**
         * @param labels that the share is of; not above 0 where all inputs have one
         */
        static Wilson of(double mean, double labels) {
            if (!(labels > 0 && Double.isFinite(labels))) {
                return new Wilson(mean, mean, mean);
            }
            double spread = Z * Z / labels;
            double middle = (mean + spread / 2) / (1 + spread);
            double half =
                    Z
                            * Math.sqrt(mean * (1 - mean) / labels + spread / (4 * labels))
                            / (1 + spread);
            return new Wilson(mean, Math.min(mean, middle - half), Math.max(mean, middle + half));
        }
    }
}
