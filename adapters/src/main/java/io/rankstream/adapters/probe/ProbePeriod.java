package io.rankstream.adapters.probe;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import io.rankstream.adapters.task.Target;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A part of an adapter's stream and its probes: of each label as many as of the others, as far as
 * there are some, {@value #MOST} in all.
 *
 * @param first its first example, from 1, withheld ones included
 * @param last its last example so far
 * @param probes in the order in which they came
 */
public record ProbePeriod(long first, long last, List<Probe> probes) {

    /** Most probes of a period. */
    public static final int MOST = 32;

    /** More examples than any stream has, and few enough to count on from. */
    private static final long LATEST = Long.MAX_VALUE / 2;

    public ProbePeriod {
        probes = List.copyOf(probes);
        if (first < 1
                || last < first - 1
                || last > LATEST
                || probes.size() > Math.min(MOST, last - first + 1)) {
            throw new IllegalArgumentException(
                    "a period from example %d to %d has %d probes, expected one for an example and %d at most"
                            .formatted(first, last, probes.size(), MOST));
        }
    }

    /** The same after more examples, which are not withheld. */
    ProbePeriod plus(int examples) {
        return new ProbePeriod(first, last + examples, probes);
    }

    /** The same after one more example, which is withheld. Equal texts are one probe. */
    ProbePeriod plus(Probe probe) {
        return new ProbePeriod(first, last + 1, with(List.of(probe)));
    }

    /** The same, asked once more. A probe that never had an answer is none. */
    ProbePeriod answered(Iterator<OptionalDouble> answers) {
        List<Probe> answered = new ArrayList<>();
        for (Probe probe : probes) {
            OptionalDouble answer = answers.next();
            if (answer.isPresent()) {
                answered.add(probe.answered(answer.getAsDouble()));
            } else if (probe.answers().isPresent()) {
                answered.add(probe);
            }
        }
        return new ProbePeriod(first, last, answered);
    }

    /** The same with targets as {@code spelling} has them. */
    ProbePeriod spelled(UnaryOperator<Target> spelling) {
        return new ProbePeriod(
                first, last, probes.stream().map(probe -> probe.spelled(spelling)).toList());
    }

    /** Both as one. Of equal texts, the first is kept, with what was answered first. */
    ProbePeriod and(ProbePeriod later) {
        return new ProbePeriod(first, later.last, with(later.probes));
    }

    private List<Probe> with(List<Probe> later) {
        Set<Long> known = probes.stream().map(Probe::draw).collect(toSet());
        return sample(
                Stream.concat(
                        probes.stream(),
                        later.stream().filter(probe -> !known.contains(probe.draw()))));
    }

    /** Drops the largest draw of the most frequent label until there is room. */
    private static List<Probe> sample(Stream<Probe> probes) {
        List<Probe> kept = new ArrayList<>(probes.toList());
        while (kept.size() > MOST) {
            Map<Optional<Target>, Long> sizes =
                    kept.stream().collect(groupingBy(Probe::group, counting()));
            kept.remove(
                    kept.stream()
                            .max(
                                    comparing((Probe probe) -> sizes.get(probe.group()))
                                            .thenComparing(
                                                    comparingLong(probe -> probe.draw() >>> 11)))
                            .orElseThrow());
        }
        return kept;
    }

    /** Examples in it. */
    public long examples() {
        return last - first + 1;
    }
}
