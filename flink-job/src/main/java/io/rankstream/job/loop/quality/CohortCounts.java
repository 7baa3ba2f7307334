package io.rankstream.job.loop.quality;

import java.util.Optional;

/**
 * What happened to inputs.
 *
 * @param inputs that could be drawn
 * @param excluded that could not
 * @param asked those of {@code inputs} that a label was asked for
 * @param returned those of {@code asked} whose label came
 * @param expired those of {@code asked} whose label did not come in time
 * @param skipped skips of annotators
 * @param conflicts inputs whose votes differed
 * @param corrected decisions that were changed
 * @param judged labels that found a prediction right or wrong
 * @param right those that found it right
 * @param uniformJudged {@code judged} of inputs that were drawn by the share that all have alike
 * @param uniformWeight inputs that these stand for
 * @param uniformRight those of them that were found right
 */
public record CohortCounts(
        long inputs,
        long excluded,
        long asked,
        long returned,
        long expired,
        long skipped,
        long conflicts,
        long corrected,
        long judged,
        long right,
        long uniformJudged,
        double uniformWeight,
        double uniformRight) {

    static final CohortCounts NONE = new CohortCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    static final CohortCounts NOT_SELECTED =
            new CohortCounts(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    static final CohortCounts SELECTED = new CohortCounts(1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    static final CohortCounts EXCLUDED = new CohortCounts(0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    static final CohortCounts EXPIRED = new CohortCounts(0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0);
    static final CohortCounts RESUMED = new CohortCounts(0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0);
    static final CohortCounts SKIPPED = new CohortCounts(0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0);
    static final CohortCounts CONFLICT = new CohortCounts(0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0);
    static final CohortCounts CORRECTED = new CohortCounts(0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0);

    /**
     * A label came, or was taken back.
     *
     * @param share 1 where it came, -1 where it was taken back
     */
    static CohortCounts returned(DrawnInput input, Optional<Truth> truth, int share) {
        int judged = truth.isPresent() ? share : 0;
        int right = truth.filter(Truth::predicted).isPresent() ? share : 0;
        return new CohortCounts(
                0,
                0,
                0,
                share,
                0,
                0,
                0,
                0,
                judged,
                right,
                input.uniform() ? judged : 0,
                input.uniform() ? judged / input.uniformProbability() : 0,
                input.uniform() ? right / input.uniformProbability() : 0);
    }

    CohortCounts plus(CohortCounts other) {
        return new CohortCounts(
                inputs + other.inputs,
                excluded + other.excluded,
                asked + other.asked,
                returned + other.returned,
                expired + other.expired,
                skipped + other.skipped,
                conflicts + other.conflicts,
                corrected + other.corrected,
                judged + other.judged,
                right + other.right,
                uniformJudged + other.uniformJudged,
                uniformWeight + other.uniformWeight,
                uniformRight + other.uniformRight);
    }

    /** Those of {@code asked} of which it is known whether their label comes. */
    long settled() {
        return returned + expired;
    }
}
