package io.rankstream.adapters.task.tagging;

import io.rankstream.adapters.task.LabelRows;
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

    /** What keeps labels from being tags of a task; empty if nothing does. */
    static Optional<String> flaw(List<String> labels) {
        Set<String> all = new LinkedHashSet<>(labels);
        if (!all.contains(OUTSIDE)) {
            return Optional.of("there is no label O, the tag of a word in no entity");
        }
        for (String label : all) {
            boolean isTag = isBegin(label) || isInside(label) || label.equals(OUTSIDE);
            if (!isTag) {
                return Optional.of(
                        "the label '%s' is no tag, expected O, or B- or I- and a kind of entity, such as B-PER"
                                .formatted(label));
            }
            if (isInside(label) && !all.contains(BEGIN + kind(label))) {
                return Optional.of(
                        "the label '%s' goes on with an entity that no label begins, expected %s%s beside it"
                                .formatted(label, BEGIN, kind(label)));
            }
        }
        return Optional.empty();
    }

    private static boolean isBegin(String label) {
        return label.startsWith(BEGIN) && label.length() > BEGIN.length();
    }

    private static boolean isInside(String label) {
        return label.startsWith(INSIDE) && label.length() > INSIDE.length();
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
