package io.rankstream.adapters.probe;

import io.rankstream.adapters.task.Target;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What an adapter still knows of what it knew, by its probes.
 *
 * @param withheld examples that were never learned from, in the adapter's life
 * @param all all probes whose period is over
 * @param periods those of each period, in their order
 * @param labels those of each label, in the order of the alphabet; none where the task has no
 *     labels
 */
public record Forgetting(
        long withheld, Retained all, List<OfPeriod> periods, List<OfLabel> labels) {

    /**
     * Means over probes of how well they were answered, in the task's unit: see {@link
     * Probe.Answers}.
     *
     * @param probes how many, at least one
     * @param then each at the end of its period
     * @param now each just now
     */
    public record Retained(int probes, double then, double now) {

        /** All probes of periods that are over; empty if there are none. */
        static Optional<Retained> of(List<ProbePeriod> over) {
            List<Probe> all = all(over);
            return all.isEmpty() ? Optional.empty() : Optional.of(ofProbes(all));
        }

        private static Retained ofProbes(List<Probe> probes) {
            return new Retained(
                    probes.size(),
                    mean(probes, Probe.Answers::then),
                    mean(probes, Probe.Answers::now));
        }

        private static double mean(List<Probe> probes, ToDoubleFunction<Probe.Answers> answer) {
            return probes.stream()
                            .map(probe -> probe.answers().orElseThrow())
                            .mapToDouble(answer)
                            .sum()
                    / probes.size();
        }
    }

    /**
     * Probes of one period.
     *
     * @param first its first example, from 1, withheld ones included
     * @param last its last
     */
    public record OfPeriod(long first, long last, Retained retained) {}

    /** Probes of one label. */
    public record OfLabel(String label, Retained retained) {}

    public Forgetting {
        periods = List.copyOf(periods);
        labels = List.copyOf(labels);
    }

    /**
     * What probes tell.
     *
     * @param all all of them
     * @param over their periods
     */
    static Forgetting of(long withheld, Retained all, List<ProbePeriod> over) {
        List<Probe> probes = all(over);
        return new Forgetting(
                withheld,
                all,
                over.stream()
                        .filter(period -> !period.probes().isEmpty())
                        .map(
                                period ->
                                        new OfPeriod(
                                                period.first(),
                                                period.last(),
                                                Retained.ofProbes(period.probes())))
                        .toList(),
                labels(probes)
                        .map(label -> new OfLabel(label, Retained.ofProbes(of(probes, label))))
                        .toList());
    }

    private static List<Probe> all(List<ProbePeriod> periods) {
        return periods.stream().flatMap(period -> period.probes().stream()).toList();
    }

    private static Stream<String> labels(List<Probe> probes) {
        return probes.stream()
                .map(Probe::target)
                .filter(Target.Label.class::isInstance)
                .map(Target::shown)
                .distinct()
                .sorted();
    }

    private static List<Probe> of(List<Probe> probes, String label) {
        return probes.stream().filter(probe -> probe.target().shown().equals(label)).toList();
    }
}
