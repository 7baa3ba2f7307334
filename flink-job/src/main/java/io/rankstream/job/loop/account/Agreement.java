package io.rankstream.job.loop.account;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.loop.vote.CastVote;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often annotators of an adapter say the same of one input.
 *
 * @param pairs pairs of first votes of different annotators on one input, each counted when the
 *     second of them came, if the first still stood
 * @param alike those that say the same
 * @param decisions inputs that several votes were compared on
 * @param byLabel how many of them were decided for each of the first {@value #MOST_LABELS} labels;
 *     no numbers among them; unmodifiable
 */
public record Agreement(long pairs, long alike, long decisions, SortedMap<String, Long> byLabel) {

    /** Nothing was compared yet. */
    public static final Agreement NONE = new Agreement(0, 0, 0, new TreeMap<>());

    private static final int MOST_LABELS = 64;

    public Agreement {
        byLabel = Collections.unmodifiableSortedMap(new TreeMap<>(byLabel));
    }

    /**
     * After the first vote of an annotator on an input.
     *
     * @param others votes of others that stand
     */
    public Agreement voted(Optional<Target> said, List<CastVote> others) {
        long same = others.stream().filter(other -> other.label().equals(said)).count();
        return new Agreement(pairs + others.size(), alike + same, decisions, byLabel);
    }

    /** After a decision that annotators are compared with. */
    public Agreement decided(Target decided) {
        SortedMap<String, Long> counts = new TreeMap<>(byLabel);
        if (isOfLabels(decided)
                && (counts.containsKey(decided.shown()) || counts.size() < MOST_LABELS)) {
            counts.merge(decided.shown(), 1L, Long::sum);
        }
        return new Agreement(pairs, alike, decisions + 1, counts);
    }

    private static boolean isOfLabels(Target decided) {
        return decided instanceof Target.Label
                || (decided instanceof Target.Several list
                        && list.members().stream().allMatch(Target.Label.class::isInstance));
    }

    /**
     * How often the most frequent label, or list of them, alone would differ from what was decided.
     */
    public double majorityError() {
        long most = byLabel.values().stream().mapToLong(Long::longValue).max().orElse(0);
        return decisions == 0 ? 0 : 1 - (double) most / decisions;
    }
}
