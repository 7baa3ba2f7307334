package io.rankstream.ops.table;

import java.util.List;

/** Rows for people, in columns as wide as their widest cell. The first stands at the left. */
public final class Columns {

    private Columns() {}

    /** Every row as a line; names, which read from the left. */
    public static String leftAligned(List<List<String>> rows) {
        return text(rows, "-");
    }

    /** Every row as a line; numbers, which end at the right. */
    public static String rightAligned(List<List<String>> rows) {
        return text(rows, "");
    }

    /**
     * The rows.
     *
     * @param alignment what stands before a width in a format: "-" sets to the left
     */
    private static String text(List<List<String>> rows, String alignment) {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int index = column;
                int width =
                        rows.stream().mapToInt(each -> each.get(index).length()).max().orElse(0);
                String format = column == 0 ? "%-" + width + "s" : "  %" + alignment + width + "s";
                line.append(format.formatted(row.get(column)));
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString();
    }
}
