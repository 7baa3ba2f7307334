package io.rankstream.job.loop.vote;

import io.rankstream.adapters.task.Target;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What the votes that count say together. */
public sealed interface Verdict {

    /** There are none. */
    record Nothing() implements Verdict {}

    /**
     * Several labels lead alike.
     *
     * @param leaders these labels
     */
    record Tied(Set<Target> leaders) implements Verdict {}

    /**
     * They say one thing.
     *
     * @param label the label that most of them say; of numbers, their median
     * @param agreement share of the votes that say just that
     */
    record Said(Target label, float agreement) implements Verdict {}

    /**
     * The verdict of votes.
     *
     * @param standing votes of different annotators that say a label, or a number, each
     */
    static Verdict of(List<CastVote> standing) {
        if (standing.isEmpty()) {
            return new Nothing();
        }
        List<Target> labels = standing.stream().map(vote -> vote.label().orElseThrow()).toList();
        if (labels.stream().allMatch(Target.Numeric.class::isInstance)) {
            return median(labels);
        }
        Map<Target, Integer> counts = new LinkedHashMap<>();
        labels.forEach(label -> counts.merge(label, 1, Integer::sum));
        int most = counts.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
        Set<Target> leaders =
                counts.entrySet().stream()
                        .filter(each -> each.getValue() == most)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toUnmodifiableSet());
        return leaders.size() > 1
                ? new Tied(leaders)
                : new Said(leaders.iterator().next(), (float) most / labels.size());
    }

    private static Verdict median(List<Target> numbers) {
        double[] sorted =
                numbers.stream()
                        .mapToDouble(number -> ((Target.Numeric) number).value())
                        .sorted()
                        .toArray();
        int middle = sorted.length / 2;
        double median =
                sorted.length % 2 == 1
                        ? sorted[middle]
                        : sorted[middle - 1] / 2 + sorted[middle] / 2;
        long alike = Arrays.stream(sorted).filter(each -> each == median).count();
        return new Said(new Target.Numeric(median), (float) alike / sorted.length);
    }
}
