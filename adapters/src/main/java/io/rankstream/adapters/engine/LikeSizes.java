package io.rankstream.adapters.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;

/** Brings together what is of like size and will be padded to its largest. */
public final class LikeSizes {

    private LikeSizes() {}

    /**
     * Groups of {@code all}, largest first and otherwise in their order.
     *
     * @param size of each, at least one
     * @param limit most of a group of several, each counted as large as its first
     */
    public static <T> List<List<T>> split(List<T> all, ToIntFunction<T> size, int limit) {
        List<T> largestFirst =
                all.stream().sorted(Comparator.comparingInt(size).reversed()).toList();
        List<List<T>> groups = new ArrayList<>();
        int from = 0;
        while (from < largestFirst.size()) {
            int fitting = Math.max(1, limit / size.applyAsInt(largestFirst.get(from)));
            int to = Math.min(largestFirst.size(), from + fitting);
            groups.add(largestFirst.subList(from, to));
            from = to;
        }
        return groups;
    }
}
