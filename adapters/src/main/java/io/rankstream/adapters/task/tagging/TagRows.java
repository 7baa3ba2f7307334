package io.rankstream.adapters.task.tagging;

import io.rankstream.adapters.task.LabelRows;
import io.rankstream.adapters.text.Excerpt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Labels as tags (IOB2): {@value #OUTSIDE} of a word in no entity, {@value #BEGIN} and a kind of an
 * entity's first word, {@value #INSIDE} and the kind of its others.
 *
 * @param names the tag of each row of the head; {@value #RETIRED} of one that is in use no longer
 */
record TagRows(List<String> names) {

    static final String OUTSIDE = "O";
    static final String BEGIN = "B-";
    static final String INSIDE = "I-";
    private static final String RETIRED = "";

    TagRows {
        names = List.copyOf(names);
    }

    static TagRows of(LabelRows labels) {
        return new TagRows(
                labels.names().stream()
                        .map(name -> labels.isActive(name) ? name : RETIRED)
                        .toList());
    }

    /** All that keeps labels from being tags of a task; empty if nothing does. */
    static Optional<String> flaw(List<String> labels) {
        Set<String> all = new LinkedHashSet<>(labels);
        List<String> flaws = new ArrayList<>();
        if (!all.contains(OUTSIDE)) {
            flaws.add("there is no label O, the tag of a word in no entity");
        }
        List<String> others =
                all.stream()
                        .filter(label -> !isBegin(label) && !isInside(label))
                        .filter(label -> !label.equals(OUTSIDE))
                        .toList();
        if (!others.isEmpty()) {
            flaws.add(
                    "%s, expected O, or B- or I- and a kind of entity, such as B-PER"
                            .formatted(
                                    others.size() == 1
                                            ? "the label %s is no tag"
                                                    .formatted(Excerpt.of(others.get(0)))
                                            : "the labels %s are no tags"
                                                    .formatted(Excerpt.ofAll(others))));
        }
        all.stream()
                .filter(label -> isInside(label) && !all.contains(BEGIN + kind(label)))
                .map(
                        label ->
                                "the label %s goes on with an entity that no label begins, expected %s beside it"
                                        .formatted(Excerpt.of(label), BEGIN + kind(label)))
                .forEach(flaws::add);
        return flaws.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", flaws));
    }

    private static boolean isBegin(String label) {
        return label.startsWith(BEGIN) && isKind(kind(label));
    }

    private static boolean isInside(String label) {
        return label.startsWith(INSIDE) && isKind(kind(label));
    }

    /** Whether it has something to it, and no blank at either end. */
    private static boolean isKind(String kind) {
        return !kind.isEmpty()
                && !TextWords.isBlank(kind.codePointAt(0))
                && !TextWords.isBlank(kind.codePointBefore(kind.length()));
    }

    private static String kind(String label) {
        return label.substring(BEGIN.length());
    }

    int outside() {
        return names.indexOf(OUTSIDE);
    }

    /** Row of the tag that begins a kind; -1 if none is in use. */
    int begin(String kind) {
        return names.indexOf(BEGIN + kind);
    }

    /** Row of the tag that goes on with the kind that a row begins; -1 if none is in use. */
    int inside(int begin) {
        return names.indexOf(INSIDE + kind(names.get(begin)));
    }

    /** The kind that a row begins or goes on with; empty for {@value #OUTSIDE}. */
    Optional<String> kind(int row) {
        String name = names.get(row);
        return isBegin(name) || isInside(name) ? Optional.of(kind(name)) : Optional.empty();
    }

    /** Those that an entity can have, in the order of their rows. */
    List<String> kinds() {
        return names.stream().filter(TagRows::isBegin).map(TagRows::kind).toList();
    }

    boolean isBegin(int row) {
        return isBegin(names.get(row));
    }

    /** For each row, that of the tag which begins its kind; -1 for {@value #OUTSIDE}. */
    int[] begins() {
        Map<String, Integer> rows = new HashMap<>();
        int[] begins = new int[names.size()];
        for (int i = 0; i < begins.length; i++) {
            if (isBegin(i)) {
                rows.put(kind(names.get(i)), i);
            }
        }
        for (int i = 0; i < begins.length; i++) {
            begins[i] = kind(i).map(kind -> rows.getOrDefault(kind, -1)).orElse(-1);
        }
        return begins;
    }
}
