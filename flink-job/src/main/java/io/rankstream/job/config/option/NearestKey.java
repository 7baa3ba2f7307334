package io.rankstream.job.config.option;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the key, option or name that was probably meant. */
public final class NearestKey {

    private static final LevenshteinDistance EDITS = LevenshteinDistance.getDefaultInstance();

    private NearestKey() {}

    /**
     * The key nearest to {@code key}; empty when none is near.
     *
     * @param known all keys
     * @param open sections that take any key below them
     */
    public static Optional<String> of(
            String key, Collection<String> known, Collection<String> open) {
        return Stream.concat(
                        known.stream(), open.stream().flatMap(section -> respelled(key, section)))
                .filter(candidate -> distance(key, candidate) <= tolerance(key))
                .min(
                        Comparator.comparingInt((String candidate) -> distance(key, candidate))
                                .thenComparing(candidate -> EDITS.apply(key, candidate))
                                .thenComparing(Comparator.naturalOrder()));
    }

    /**
     * The key that {@code key} is probably a slip of; empty where it may as well be one of its own.
     */
    public static Optional<String> ofSlip(String key, Collection<String> known) {
        String flat = flat(key);
        int tolerance = Math.max(Math.min(2, key.length() / 2), key.length() / 8);
        return known.stream()
                .filter(candidate -> slip(flat, flat(candidate)) <= tolerance)
                .min(
                        Comparator.comparingInt((String candidate) -> slip(flat, flat(candidate)))
                                .thenComparing(Comparator.naturalOrder()));
    }

    /** A key that lacks its beginning or its end, such as a unit, is one slip away. */
    private static int slip(String key, String candidate) {
        boolean isPart =
                key.contains(".")
                        && (candidate.startsWith(key + ".") || candidate.endsWith("." + key));
        return isPart ? 1 : EDITS.apply(key, candidate);
    }

    private static String flat(String key) {
        return key.toLowerCase(Locale.ROOT).replaceAll("[-_]", ".");
    }

    /** {@code key} with its beginning put right, if that is nearly {@code section}. */
    private static Stream<String> respelled(String key, String section) {
        List<String> names = List.of(key.split("\\.", -1));
        int levels = section.split("\\.", -1).length;
        if (names.size() <= levels) {
            return Stream.empty();
        }
        String beginning = String.join(".", names.subList(0, levels));
        return EDITS.apply(beginning, section) <= 2
                ? Stream.of(section + key.substring(beginning.length()))
                : Stream.empty();
    }

    /** A key in the wrong section is as near as one with a single wrong letter. */
    private static int distance(String key, String candidate) {
        int whole = EDITS.apply(key, candidate);
        int last = 1 + EDITS.apply(lastName(key), lastName(candidate));
        return Math.min(whole, last);
    }

    private static int tolerance(String key) {
        return Math.max(2, lastName(key).length() / 3);
    }

    private static String lastName(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }
}
