package io.rankstream.ops.send.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a table or an object has what its task needs. */
sealed interface GlueColumns {

    /**
     * There.
     *
     * @param texts columns of its one or two texts
     * @param label column of its label; empty if labels are not wanted
     */
    record Found(List<String> texts, Optional<String> label) implements GlueColumns {}

    /**
     * Nowhere, or not in one place.
     *
     * @param isLabel whether it is the label, and not a text
     * @param names of the columns that it may be in
     * @param there those of the columns that have such a name: none, or several
     */
    record Unclear(boolean isLabel, List<String> names, List<String> there)
            implements GlueColumns {}

    /**
     * Finds them.
     *
     * @param columns names of those that there are
     * @param labeled whether labels are wanted
     */
    static GlueColumns of(GlueTask task, List<String> columns, boolean labeled) {
        List<String> texts = new ArrayList<>();
        for (List<String> names : task.texts()) {
            List<String> there = among(columns, names);
            if (there.size() != 1) {
                return new Unclear(false, names, there);
            }
            texts.add(there.get(0));
        }
        if (!labeled) {
            return new Found(texts, Optional.empty());
        }
        List<String> there = among(columns, task.labelColumns());
        return there.size() == 1
                ? new Found(texts, Optional.of(there.get(0)))
                : new Unclear(true, task.labelColumns(), there);
    }

    private static List<String> among(List<String> columns, List<String> names) {
        return columns.stream().filter(names::contains).toList();
    }
}
