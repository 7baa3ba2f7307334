package io.rankstream.job.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** In which of their states two sets of adapters differ, bit for bit. */
final class Differences {

    private Differences() {}

    /** Checks that there are none. */
    static void checkNone(
            String what,
            SortedMap<String, AdapterState> found,
            SortedMap<String, AdapterState> expected) {
        assertThat(between(found, expected)).as("differences of the %s", what).isEmpty();
    }

    private static SortedMap<String, String> between(
            SortedMap<String, AdapterState> found, SortedMap<String, AdapterState> expected) {
        SortedMap<String, String> differences = new TreeMap<>();
        TreeSet<String> adapterIds = new TreeSet<>(found.keySet());
        adapterIds.addAll(expected.keySet());
        for (String adapterId : adapterIds) {
            if (!found.containsKey(adapterId)) {
                differences.put(adapterId, "is not there");
            } else if (!expected.containsKey(adapterId)) {
                differences.put(adapterId, "should not be there");
            } else if (!found.get(adapterId).equals(expected.get(adapterId))) {
                differences.put(adapterId, between(found.get(adapterId), expected.get(adapterId)));
            }
        }
        return differences;
    }

    private static String between(AdapterState found, AdapterState expected) {
        List<String> parts = new ArrayList<>();
        if (!found.meta().equals(expected.meta())) {
            parts.add("meta is %s, expected %s".formatted(of(found.meta()), of(expected.meta())));
        }
        compare("triplets", AdapterState::triplets, found, expected, parts);
        compare("moments", AdapterState::moments, found, expected, parts);
        compare("importance", AdapterState::importance, found, expected, parts);
        compare("budget", AdapterState::budget, found, expected, parts);
        compare("head", AdapterState::head, found, expected, parts);
        return String.join("; ", parts);
    }

    private static String of(AdapterMeta meta) {
        return "step %d, version %d of step %d, %s after %d examples"
                .formatted(
                        meta.step(),
                        meta.version(),
                        meta.publishedStep(),
                        meta.score().metrics(),
                        meta.score().examples());
    }

    private static void compare(
            String name,
            Function<AdapterState, Object> part,
            AdapterState found,
            AdapterState expected,
            List<String> parts) {
        if (!part.apply(found).equals(part.apply(expected))) {
            parts.add(name + " is another");
        }
    }
}
