package io.rankstream.adapters.drift;

/**
 * What a change was noticed by. Examples are counted over the adapter's life, from 1.
 *
 * @param example the one that raised it
 * @param beginning the first one after the change, as far as can be told
 * @param before share of surprises before
 * @param since share of surprises from {@code beginning} to {@code example}
 */
public record DriftAlarm(long example, long beginning, double before, double since) {

    public DriftAlarm {
        if (beginning < 1 || beginning > example) {
            throw new IllegalArgumentException(
                    "an alarm of example %d is of a change at %d".formatted(example, beginning));
        }
        requireShare("before", before);
        requireShare("since", since);
    }

    private static void requireShare(String when, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "the share of surprises %s is %s, expected 0 to 1".formatted(when, share));
        }
    }
}
