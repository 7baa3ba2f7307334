package io.rankstream.ops.adapter;

import io.rankstream.adapters.comparison.AdapterDiff;
import io.rankstream.ops.table.Columns;
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
            text.append(Columns.leftAligned(rows));
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
        text.append(Columns.rightAligned(rows));
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
}
