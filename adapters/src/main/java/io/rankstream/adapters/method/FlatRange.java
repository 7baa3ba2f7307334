package io.rankstream.adapters.method;

import java.util.ArrayList;
import java.util.List;

/**
 * Neighbours in a flat tensor.
 *
 * @param from the first of them
 * @param to where they end, exclusively
 */
public record FlatRange(int from, int to) {

    /** How many they are. */
    public int size() {
        return to - from;
    }

    /**
     * What lies between {@code ranges}, before the first and after the last.
     *
     * @param ranges ascending
     * @param size of the tensor
     */
    public static List<FlatRange> between(List<FlatRange> ranges, int size) {
        List<FlatRange> gaps = new ArrayList<>();
        int from = 0;
        for (FlatRange range : ranges) {
            addUnlessEmpty(gaps, new FlatRange(from, range.from()));
            from = range.to();
        }
        addUnlessEmpty(gaps, new FlatRange(from, size));
        return gaps;
    }

    private static void addUnlessEmpty(List<FlatRange> ranges, FlatRange range) {
        if (range.size() > 0) {
            ranges.add(range);
        }
    }
}
