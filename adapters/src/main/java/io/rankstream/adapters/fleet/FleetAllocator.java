package io.rankstream.adapters.fleet;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Divides one total of triplets among adapters: each has as many as it has triplets above one
 * importance, which is the same for all, but at least a quarter of an even share, and at most what
 * it started with.
 */
public final class FleetAllocator {

    /** Parts of an even share, one of which nobody goes below. */
    private static final int PARTS_OF_A_SHARE = 4;

    private static final int HALVINGS = 60;

    private FleetAllocator() {}

    /**
     * Budgets of adapters.
     *
     * @param members one or more, in a fixed order, which decides where fractions tie
     * @param total triplets of all of them
     * @return triplets of each, from 1 on; their sum is {@code total}, or less where all have what
     *     they started with, or one each where {@code total} has not even that
     */
    public static int[] allocate(List<FleetMember> members, int total) {
        int least = Math.max(1, total / members.size() / PARTS_OF_A_SHARE);
        // All triplets lie above the lowest place, none above the highest.
        double low = 0;
        double high = ImportanceHistogram.BINS;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (sum(members, middle, least) > total) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return rounded(members, high, least, total);
    }

    private static double sum(List<FleetMember> members, double place, int least) {
        return members.stream().mapToDouble(member -> wish(member, place, least)).sum();
    }

    private static double wish(FleetMember member, double place, int least) {
        return Math.max(
                Math.min(least, member.initial()),
                Math.min(member.initial(), member.importance().above(place)));
    }

    /** Whole triplets: what is left of the total goes to those with the largest fractions. */
    private static int[] rounded(List<FleetMember> members, double place, int least, int total) {
        double[] wishes = members.stream().mapToDouble(m -> wish(m, place, least)).toArray();
        int[] budgets = new int[wishes.length];
        int left = total;
        for (int i = 0; i < budgets.length; i++) {
            budgets[i] = (int) wishes[i];
            left -= budgets[i];
        }
        int[] byFraction =
                IntStream.range(0, wishes.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> budgets[i] - wishes[i]))
                        .mapToInt(i -> i)
                        .toArray();
        for (int i = 0; i < byFraction.length && left > 0; i++) {
            if (budgets[byFraction[i]] < members.get(byFraction[i]).initial()) {
                budgets[byFraction[i]]++;
                left--;
            }
        }
        return budgets;
    }
}
