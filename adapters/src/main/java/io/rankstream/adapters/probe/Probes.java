package io.rankstream.adapters.probe;

import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.tokens.Tokens;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * The probes of one adapter. Its stream is cut into periods of equal length, or longer ones where
 * steps are few or large. Of three periods that are over, the two oldest become one unless one of
 * them is longer by its magnitude than the newest, so that there are about twice as many as the
 * stream's length has binary digits in periods, however their lengths vary. For one thread.
 */
public final class Probes {

    private final ProbeSettings settings;
    private final List<ProbePeriod> over;
    private ProbePeriod open;
    private long withheld;
    private Optional<Forgetting.Retained> retained;

    public Probes(ProbeState state, ProbeSettings settings) {
        this.settings = settings;
        this.over = new ArrayList<>(state.periods());
        this.open = over.remove(over.size() - 1);
        this.withheld = state.withheld();
        this.retained = state.retained();
    }

    /** What they told when they were asked last; empty before that, and without one. */
    public Optional<Forgetting.Retained> retained() {
        return retained;
    }

    /** What they are by now. */
    public ProbeState state() {
        List<ProbePeriod> periods = new ArrayList<>(over);
        periods.add(open);
        return new ProbeState(withheld, periods);
    }

    /**
     * Whether an example is not to be learned from.
     *
     * @param draw a well-mixed number that its text gives
     */
    public boolean withholds(long draw) {
        return settings.withholds(draw);
    }

    /** An example was withheld. */
    public void withheld(long draw, Tokens tokens, Target target) {
        withheld++;
        open = open.plus(new Probe(draw, tokens, target, Optional.empty()));
    }

    /** Examples were learned. */
    public void learned(int examples) {
        open = open.plus(examples);
    }

    /** Whether the period is long enough to be over. */
    public boolean isPeriodOver() {
        return open.examples() >= settings.period();
    }

    /**
     * Ends the period: all probes are asked.
     *
     * @param ask how well each was answered; empty of one that cannot be asked, which keeps the
     *     answers that it had
     * @return what they tell; empty if there are none
     */
    public Optional<Forgetting> endPeriod(Function<List<Probe>, List<OptionalDouble>> ask) {
        over.add(open);
        open = new ProbePeriod(open.last() + 1, open.last(), List.of());
        Iterator<OptionalDouble> answers =
                ask.apply(over.stream().flatMap(period -> period.probes().stream()).toList())
                        .iterator();
        over.replaceAll(period -> period.answered(answers));
        merge();
        retained = Forgetting.Retained.of(over);
        return retained.map(all -> Forgetting.of(withheld, all, over));
    }

    private void merge() {
        int i = over.size() - 3;
        while (i >= 0) {
            if (Math.max(magnitude(i), magnitude(i + 1)) <= magnitude(i + 2)) {
                over.set(i, over.get(i).and(over.remove(i + 1)));
                i = over.size() - 3;
            } else {
                i--;
            }
        }
    }

    private int magnitude(int period) {
        return Long.SIZE
                - Long.numberOfLeadingZeros(over.get(period).examples() / settings.period());
    }
}
