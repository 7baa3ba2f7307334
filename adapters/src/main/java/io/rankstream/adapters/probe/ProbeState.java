package io.rankstream.adapters.probe;

import io.rankstream.adapters.task.Target;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * {@link Probes} as a value: a part of an adapter's state.
 *
 * @param withheld examples that were never learned from
 * @param periods one after the other, without a gap; probes of all but the last have answers
 */
public record ProbeState(long withheld, List<ProbePeriod> periods) {

    public ProbeState {
        periods = List.copyOf(periods);
        if (periods.isEmpty()) {
            throw new IllegalArgumentException("there is no period of probes, expected one");
        }
        if (withheld < 0) {
            throw new IllegalArgumentException(
                    "%d examples were withheld, expected 0 or more".formatted(withheld));
        }
        for (int i = 1; i < periods.size(); i++) {
            if (periods.get(i).first() != periods.get(i - 1).last() + 1) {
                throw new IllegalArgumentException(
                        "a period of probes ends at example %d, and the next begins at %d"
                                .formatted(periods.get(i - 1).last(), periods.get(i).first()));
            }
        }
        for (int i = 0; i < periods.size(); i++) {
            boolean isOver = i < periods.size() - 1;
            if (periods.get(i).probes().stream()
                    .anyMatch(probe -> probe.answers().isPresent() != isOver)) {
                throw new IllegalArgumentException(
                        "the period of probes from example %d on %s answers"
                                .formatted(periods.get(i).first(), isOver ? "lacks" : "has"));
            }
        }
    }

    /** What they told when they were asked last; empty before that, and without one. */
    public Optional<Forgetting.Retained> retained() {
        return Forgetting.Retained.of(periods.subList(0, periods.size() - 1));
    }

    /** The same with targets as {@code spelling} has them. */
    public ProbeState spelled(UnaryOperator<Target> spelling) {
        return new ProbeState(
                withheld, periods.stream().map(period -> period.spelled(spelling)).toList());
    }

    /** No probe yet, of an adapter that has learned from so many examples. */
    public static ProbeState after(long examples) {
        return new ProbeState(0, List.of(new ProbePeriod(examples + 1, examples, List.of())));
    }
}
