package io.rankstream.job.loop.quality;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Sums over inputs of one stratum of which a label was predicted, and that could be drawn.
 *
 * @param inputs how many
 * @param probability of what was predicted, summed
 * @param asked those that a label was asked for
 * @param askedWeight inputs that these stand for
 * @param returned those whose label came
 * @param first sums with the weight 1/π over these
 * @param second sums with its square
 * @param classes sums by what is true; only labels that came, {@value #MOST_CLASSES} of an hour at
 *     most
 */
record StratumSums(
        long inputs,
        double probability,
        long asked,
        double askedWeight,
        long returned,
        WeightedSums first,
        WeightedSums second,
        SortedMap<String, ClassSums> classes) {

    static final StratumSums NONE =
            new StratumSums(
                    0,
                    0,
                    0,
                    0,
                    0,
                    WeightedSums.NONE,
                    WeightedSums.NONE,
                    Collections.emptySortedMap());

    /** Labels beyond are in no class, where nobody configures them. */
    static final int MOST_CLASSES = 1_000;

    StratumSums {
        classes = Collections.unmodifiableSortedMap(classes);
    }

    /** And an input. */
    StratumSums predicted(DrawnInput input) {
        return new StratumSums(
                inputs + 1,
                probability + input.probability(),
                asked + (input.selected() ? 1 : 0),
                askedWeight + (input.selected() ? input.weight() : 0),
                returned,
                first,
                second,
                classes);
    }

    /**
     * With the label of an input, or without it.
     *
     * @param share 1 where it came, -1 where it was taken back
     */
    StratumSums returned(DrawnInput input, Truth truth, int share) {
        double weight = input.weight();
        boolean right = truth.predicted();
        boolean isLast = returned + share == 0;
        ClassSums one = new ClassSums(share, share * weight, right ? share * weight : 0);
        SortedMap<String, ClassSums> changed = new TreeMap<>(classes);
        if (changed.containsKey(truth.label()) || (share > 0 && changed.size() < MOST_CLASSES)) {
            changed.merge(truth.label(), one, ClassSums::plus);
        }
        changed.values().removeIf(sums -> sums.labels() == 0);
        return new StratumSums(
                inputs,
                probability,
                asked,
                askedWeight,
                returned + share,
                isLast
                        ? WeightedSums.NONE
                        : first.plus(WeightedSums.of(weight, right, input.probability()), share),
                isLast
                        ? WeightedSums.NONE
                        : second.plus(
                                WeightedSums.of(weight * weight, right, input.probability()),
                                share),
                changed);
    }

    StratumSums plus(StratumSums other) {
        SortedMap<String, ClassSums> all = new TreeMap<>(classes);
        other.classes.forEach((label, sums) -> all.merge(label, sums, ClassSums::plus));
        return new StratumSums(
                inputs + other.inputs,
                probability + other.probability,
                asked + other.asked,
                askedWeight + other.askedWeight,
                returned + other.returned,
                first.plus(other.first, 1),
                second.plus(other.second, 1),
                all);
    }
}
