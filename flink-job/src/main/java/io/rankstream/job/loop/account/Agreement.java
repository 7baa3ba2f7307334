package io.rankstream.job.loop.account;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.loop.vote.CastVote;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often annotators of an adapter say the same of one input.
 *
 * @param pairs pairs of votes on one input, counted when it was decided
 * @param alike those that say the same
 * @param decisions decisions that several votes were counted for
 * @param byLabel how many of them were for each of the first {@value #MOST_LABELS} labels; no
 *     numbers among them; unmodifiable
 */
public record Agreement(long pairs, long alike, long decisions, SortedMap<String, Long> byLabel) {

    /** Nothing was compared yet. */
    public static final Agreement NONE = new Agreement(0, 0, 0, new TreeMap<>());

    private static final int MOST_LABELS = 64;

    public Agreement {
        byLabel = Collections.unmodifiableSortedMap(new TreeMap<>(byLabel));
    }

    /**
     * After a decision.
     *
     * @param standing the votes that were counted, at least two
     */
    public Agreement with(Target decided, List<CastVote> standing) {
        long same = 0;
        for (int i = 1; i < standing.size(); i++) {
            for (int j = 0; j < i; j++) {
                same += standing.get(i).label().equals(standing.get(j).label()) ? 1 : 0;
            }
        }
        SortedMap<String, Long> counts = new TreeMap<>(byLabel);
        if (decided instanceof Target.Label label
                && (counts.containsKey(label.name()) || counts.size() < MOST_LABELS)) {
            counts.merge(label.name(), 1L, Long::sum);
        }
        return new Agreement(
                pairs + (long) standing.size() * (standing.size() - 1) / 2,
                alike + same,
                decisions + 1,
                counts);
    }

    /** How often the most frequent label alone would differ from what was decided. */
    public double majorityError() {
        long most = byLabel.values().stream().mapToLong(Long::longValue).max().orElse(0);
        return decisions == 0 ? 0 : 1 - (double) most / decisions;
    }
}
