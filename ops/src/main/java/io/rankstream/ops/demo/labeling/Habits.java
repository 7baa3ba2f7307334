package io.rankstream.ops.demo.labeling;

import java.time.Duration;

/**
 * How annotators answer.
 *
 * @param annotators how many there are, at least 2
 * @param silent share of requests that nobody answers
 * @param wrong share of votes that say another label than is true
 * @param second share of answered requests on which a second annotator votes unasked
 * @param soonest shortest time from the request to a vote
 * @param latest longest such time; times between them are as frequent by their logarithm
 */
record Habits(
        int annotators,
        double silent,
        double wrong,
        double second,
        Duration soonest,
        Duration latest) {

    /** Five people, of whom most answer within the day. */
    static final Habits ORDINARY =
            new Habits(5, .05, .05, .1, Duration.ofMinutes(5), Duration.ofDays(4));
}
