package io.rankstream.job.loop.quality;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Inputs of one hour of an adapter's stream as sums, from which its accuracy on all of them can be
 * estimated. Cohorts can be added up. Immutable; the sums take the same calls in any order.
 *
 * @param counts what happened to them
 * @param strata sums by stratum of utility, {@link DrawnInput#STRATA} of them
 * @param delays of labels that came
 */
public record Cohort(CohortCounts counts, List<StratumSums> strata, DelayHistogram delays) {

    /** Of nothing. */
    public static final Cohort NONE =
            new Cohort(
                    CohortCounts.NONE,
                    Collections.nCopies(DrawnInput.STRATA, StratumSums.NONE),
                    DelayHistogram.NONE);

    public Cohort {
        strata = List.copyOf(strata);
    }

    /** An input came, and was drawn or not. */
    public Cohort predicted(DrawnInput input) {
        if (input.inclusionProbability() == 0) {
            return with(counts.plus(CohortCounts.EXCLUDED));
        }
        Cohort counted =
                with(
                        counts.plus(
                                input.selected()
                                        ? CohortCounts.SELECTED
                                        : CohortCounts.NOT_SELECTED));
        return input.isPredicted()
                ? counted.with(input.stratum(), strata.get(input.stratum()).predicted(input))
                : counted;
    }

    /**
     * A label was decided for an input, the first time or again after it was taken back. One that
     * nobody had asked for changes no estimate.
     *
     * @param truth empty where no label had been predicted that could be right or wrong
     * @param delayMs from the input to the label; below 0 counts as 0
     */
    public Cohort returned(DrawnInput input, Optional<Truth> truth, long delayMs) {
        return input.selected()
                ? moved(input, truth, 1)
                        .with(counts.plus(CohortCounts.returned(input, truth, 1)))
                        .with(delays.with(delayMs))
                : this;
    }

    /** A decision was changed. */
    public Cohort corrected(DrawnInput input, Optional<Truth> before, Optional<Truth> after) {
        return input.selected()
                ? moved(input, before, -1)
                        .moved(input, after, 1)
                        .with(
                                counts.plus(CohortCounts.returned(input, before, -1))
                                        .plus(CohortCounts.returned(input, after, 1))
                                        .plus(CohortCounts.CORRECTED))
                : this;
    }

    /** A decision was taken back, and the input waits for another. */
    public Cohort retracted(DrawnInput input, Optional<Truth> before) {
        return input.selected()
                ? moved(input, before, -1)
                        .with(counts.plus(CohortCounts.returned(input, before, -1)))
                : this;
    }

    /** Nobody answered in time. */
    public Cohort expired(DrawnInput input) {
        return input.selected() ? with(counts.plus(CohortCounts.EXPIRED)) : this;
    }

    /** One that nobody had answered in time is decided. */
    public Cohort resumed(DrawnInput input) {
        return input.selected() ? with(counts.plus(CohortCounts.RESUMED)) : this;
    }

    /** An annotator skipped an input. */
    public Cohort skipped() {
        return with(counts.plus(CohortCounts.SKIPPED));
    }

    /** Votes on an input differ, for the first time. */
    public Cohort conflicted() {
        return with(counts.plus(CohortCounts.CONFLICT));
    }

    /** The inputs of both. */
    public Cohort plus(Cohort other) {
        List<StratumSums> sums = new ArrayList<>();
        for (int i = 0; i < strata.size(); i++) {
            sums.add(strata.get(i).plus(other.strata.get(i)));
        }
        return new Cohort(counts.plus(other.counts), sums, delays.plus(other.delays));
    }

    /** Whether it is known of all that were asked for whether their label comes. */
    boolean isSettled() {
        return counts.settled() >= counts.asked();
    }

    private Cohort moved(DrawnInput input, Optional<Truth> truth, int share) {
        return truth.map(
                        known ->
                                with(
                                        input.stratum(),
                                        strata.get(input.stratum()).returned(input, known, share)))
                .orElse(this);
    }

    private Cohort with(CohortCounts changed) {
        return new Cohort(changed, strata, delays);
    }

    private Cohort with(DelayHistogram changed) {
        return new Cohort(counts, strata, changed);
    }

    private Cohort with(int stratum, StratumSums sums) {
        List<StratumSums> changed = new ArrayList<>(strata);
        changed.set(stratum, sums);
        return new Cohort(counts, changed, delays);
    }
}
