package io.rankstream.ops.adapter;

import io.rankstream.adapters.comparison.AdapterDiff;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** A difference of two adapters for people. */
public final class DiffTable {

    private static final String NOT_COMPARABLE = "-";

    private DiffTable() {}

    /** Settings that differ, then every module, head and the whole. */
    public static String text(AdapterDiff diff) {
        StringBuilder text = new StringBuilder();
        if (!diff.settings().isEmpty()) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("setting", "A", "B"));
            for (AdapterDiff.Setting setting : diff.settings()) {
                rows.add(List.of(setting.name(), setting.first(), setting.second()));
            }
            append(text, rows, "-");
            text.append(System.lineSeparator());
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("module", "rank A", "rank B", "difference"));
        for (AdapterDiff.Module module : diff.modules()) {
            rows.add(
                    List.of(
                            module.name(),
                            Integer.toString(module.firstRank()),
                            Integer.toString(module.secondRank()),
                            share(module.difference())));
        }
        rows.add(
                List.of(
                        "all modules",
                        sum(diff.modules().stream().mapToInt(AdapterDiff.Module::firstRank).sum()),
                        sum(diff.modules().stream().mapToInt(AdapterDiff.Module::secondRank).sum()),
                        share(diff.update())));
        rows.add(List.of("head", "", "", share(diff.head())));
        append(text, rows, "");
        diff.trainingState()
                .ifPresent(
                        equal ->
                                text.append(
                                        "training state: %s%n"
                                                .formatted(equal ? "the same" : "differs")));
        text.append(
                diff.isEmpty()
                        ? "The adapters are the same.%n".formatted()
                        : "The adapters differ.%n".formatted());
        return text.toString();
    }

    private static String sum(int ranks) {
        return Integer.toString(ranks);
    }

    private static String share(OptionalDouble difference) {
        if (difference.isEmpty()) {
            return NOT_COMPARABLE;
        }
        double value = difference.getAsDouble();
        return value == 0 ? "0" : String.format(Locale.ROOT, "%.2e", value);
    }

    /**
     * Appends rows in columns.
     *
     * @param alignment what stands before a width in a format: "-" sets to the left
     */
    private static void append(StringBuilder text, List<List<String>> rows, String alignment) {
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int index = column;
                int width =
                        rows.stream().mapToInt(each -> each.get(index).length()).max().orElse(0);
                // The name always stands at the left.
                String format = column == 0 ? "%-" + width + "s" : "  %" + alignment + width + "s";
                line.append(format.formatted(row.get(column)));
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
    }
}
