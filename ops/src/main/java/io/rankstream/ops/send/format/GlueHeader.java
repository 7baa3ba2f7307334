package io.rankstream.ops.send.format;

import io.rankstream.adapters.text.Excerpt;
import io.rankstream.ops.send.RecordFileException;
import io.rankstream.ops.send.TableFault;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The first line of a table, which names its columns.
 *
 * @param task what is looked for in the table
 * @param file what the table is called, for messages
 * @param names those of the columns
 */
record GlueHeader(GlueTask task, String file, List<String> names) {

    private static final int MOST_SHOWN = 300;

    /**
     * Columns that have what the task needs.
     *
     * @throws RecordFileException if one is not there or there twice, with what was found and
     *     expected
     */
    GlueColumns.Found columns(boolean labeled) throws RecordFileException {
        GlueColumns columns = GlueColumns.of(task, names, labeled);
        if (columns instanceof GlueColumns.Found found) {
            return found;
        }
        GlueColumns.Unclear unclear = (GlueColumns.Unclear) columns;
        if (!unclear.there().isEmpty()) {
            throw new RecordFileException(
                    "%s has the columns %s, expected one of them for the %s: rename or leave out the others"
                            .formatted(
                                    file,
                                    String.join(" and ", unclear.there()),
                                    unclear.isLabel() ? "label" : "text"));
        }
        throw new RecordFileException(
                unclear.isLabel()
                        ? "%s has no labels: of its columns %s, none is %s; --unlabeled sends its texts as inputs to predict"
                                .formatted(file, shown(), either(task.labelColumns()))
                        : "%s is no file of %s: it has the columns %s, but not %s: expected %s%s"
                                .formatted(
                                        file,
                                        task.id(),
                                        shown(),
                                        either(unclear.names()),
                                        expected(labeled),
                                        TableFault.otherForm(names)
                                                .map(
                                                        "; its first line looks %s, expected tabs between columns"
                                                                ::formatted)
                                                .orElse("")));
    }

    private String expected(boolean labeled) {
        String columns =
                Stream.concat(
                                task.texts().stream(),
                                labeled ? Stream.of(task.labelColumns()) : Stream.of())
                        .map(GlueHeader::either)
                        .collect(Collectors.joining(", "));
        return task.columnsWithoutHeader().isEmpty()
                ? columns
                : "%s; or no such line, and in each the cells %s with 0 or 1 for the label"
                        .formatted(columns, String.join(", ", task.columnsWithoutHeader()));
    }

    static String either(List<String> names) {
        return String.join(" or ", names);
    }

    private String shown() {
        return Excerpt.printable(String.join(", ", names), MOST_SHOWN);
    }
}
