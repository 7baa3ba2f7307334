package io.rankstream.ops.send.format;

import io.rankstream.adapters.text.Excerpt;
import io.rankstream.ops.send.RecordFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a file has what its task needs.
 *
 * @param texts columns of its one or two texts
 * @param label column of its label; empty if labels are not wanted
 */
record GlueColumns(List<String> texts, Optional<String> label) {

    private static final int MOST_SHOWN = 300;

    /**
     * Finds them.
     *
     * @param found the columns that there are
     * @param labeled whether labels are wanted
     * @throws RecordFileException if one is not there, with what was found and expected
     */
    static GlueColumns of(GlueTask task, String file, List<String> found, boolean labeled)
            throws RecordFileException {
        List<String> texts = new ArrayList<>();
        for (List<String> names : task.texts()) {
            first(names, found).ifPresent(texts::add);
        }
        if (texts.size() < task.texts().size()) {
            throw new RecordFileException(
                    "%s is no file of %s: it has the columns %s, expected %s"
                            .formatted(file, task.id(), shown(found), expected(task, labeled)));
        }
        if (!labeled) {
            return new GlueColumns(texts, Optional.empty());
        }
        Optional<String> label = first(task.labelColumns(), found);
        if (label.isEmpty()) {
            throw new RecordFileException(
                    "%s has no labels: of its columns %s, none is %s; --unlabeled sends its texts as inputs to predict"
                            .formatted(file, shown(found), either(task.labelColumns())));
        }
        return new GlueColumns(texts, label);
    }

    private static Optional<String> first(List<String> names, List<String> found) {
        return names.stream().filter(found::contains).findFirst();
    }

    private static String expected(GlueTask task, boolean labeled) {
        String columns =
                Stream.concat(
                                task.texts().stream(),
                                labeled ? Stream.of(task.labelColumns()) : Stream.of())
                        .map(GlueColumns::either)
                        .collect(Collectors.joining(", "));
        return task.columnsWithoutHeader().isEmpty()
                ? columns
                : "%s; or no such line, and in each the cells %s with 0 or 1 for the label"
                        .formatted(columns, String.join(", ", task.columnsWithoutHeader()));
    }

    private static String either(List<String> names) {
        return String.join(" or ", names);
    }

    private static String shown(List<String> found) {
        return Excerpt.printable(String.join(", ", found), MOST_SHOWN);
    }
}
