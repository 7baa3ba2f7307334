package io.rankstream.adapters.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/** Brings together what can share a pass. */
public final class Alike {

    private Alike() {}

    /**
     * Groups of {@code all}, in the order of their first; in a group, the order stays.
     *
     * @param alike whether the first of a group takes another one
     */
    public static <T> List<List<T>> groups(List<T> all, BiPredicate<T, T> alike) {
        List<List<T>> groups = new ArrayList<>();
        for (T each : all) {
            groups.stream()
                    .filter(group -> alike.test(group.get(0), each))
                    .findFirst()
                    .orElseGet(
                            () -> {
                                groups.add(new ArrayList<>());
                                return groups.get(groups.size() - 1);
                            })
                    .add(each);
        }
        return groups;
    }
}
