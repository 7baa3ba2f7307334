package io.rankstream.ops.savepoint;

import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.classification.PrequentialScore;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.savepoint.AdapterSummary;
import io.rankstream.job.savepoint.AdapterSummary.Module;
import io.rankstream.ops.table.Columns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/** A savepoint for people. */
public final class SavepointTable {

    private static final int TOP_MODULES = 3;

    private static final List<String> HEADER =
            List.of(
                    "adapter",
                    "step",
                    "version",
                    "budget",
                    "live ranks",
                    "examples",
                    "accuracy",
                    "pending",
                    "bytes");

    private SavepointTable() {}

    /** Every adapter, then the modules that matter most to each, and its labels. */
    public static String text(SavepointContent content) {
        if (content.adapters().isEmpty()) {
            return "no adapter%n".formatted() + notTrainedYet(content);
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADER);
        content.adapters().forEach(adapter -> rows.add(row(adapter, content.pendingOf(adapter))));
        StringBuilder text = new StringBuilder(Columns.rightAligned(rows));
        text.append(System.lineSeparator());
        content.adapters().forEach(adapter -> text.append(topModules(adapter)));
        content.adapters().forEach(adapter -> text.append(labels(adapter)));
        return text.append(notTrainedYet(content)).toString();
    }

    private static List<String> row(AdapterSummary adapter, int pending) {
        AdapterMeta meta = adapter.meta();
        return List.of(
                meta.adapterId(),
                number(meta.step()),
                number(meta.version()),
                number(adapter.budget()),
                number(adapter.liveRanks()),
                number(meta.score().examples()),
                accuracy(meta.score().metric(PrequentialScore.ACCURACY)),
                number(pending),
                number(adapter.bytes()));
    }

    private static String accuracy(OptionalDouble share) {
        return share.isEmpty() ? "-" : String.format(Locale.ROOT, "%.3f", share.getAsDouble());
    }

    private static String topModules(AdapterSummary adapter) {
        String top =
                adapter.modules().stream()
                        .sorted(Comparator.comparingDouble(Module::importance).reversed())
                        .limit(TOP_MODULES)
                        .map(SavepointTable::module)
                        .collect(Collectors.joining(", "));
        return "%s: %s%n"
                .formatted(
                        adapter.meta().adapterId(),
                        top.isEmpty() ? "a head alone" : "most important " + top);
    }

    private static String labels(AdapterSummary adapter) {
        LabelSet labels = adapter.labels();
        StringBuilder text =
                new StringBuilder(
                        "%s: labels at revision %d: %s"
                                .formatted(
                                        adapter.meta().adapterId(),
                                        labels.revision(),
                                        Excerpt.ofAll(labels.active())));
        if (!labels.retired().isEmpty()) {
            text.append("; retired ").append(Excerpt.ofAll(labels.retired()));
        }
        if (!Set.copyOf(labels.configured()).equals(Set.copyOf(labels.active()))) {
            text.append("; the configuration had ").append(Excerpt.ofAll(labels.configured()));
        }
        return text.append(System.lineSeparator()).toString();
    }

    private static String module(Module module) {
        return String.format(
                Locale.ROOT,
                "%s (%.2e, rank %d)",
                module.name(),
                module.importance(),
                module.liveRank());
    }

    private static String notTrainedYet(SavepointContent content) {
        return content.notTrainedYet().entrySet().stream()
                .map(
                        each ->
                                "%s: not trained yet, %d pending%n"
                                        .formatted(each.getKey(), each.getValue()))
                .collect(Collectors.joining());
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
