package io.rankstream.ops.savepoint;

import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.ScoreColumn;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.savepoint.AdapterSummary;
import io.rankstream.job.savepoint.AdapterSummary.Module;
import io.rankstream.ops.standing.Metrics;
import io.rankstream.ops.table.Columns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A savepoint for people. */
public final class SavepointTable {

    private static final int TOP_MODULES = 3;

    private SavepointTable() {}

    /** Every adapter, then the modules that matter most to each, and its labels. */
    public static String text(SavepointContent content) {
        if (content.adapters().isEmpty()) {
            return "no adapter%n".formatted() + notTrainedYet(content);
        }
        StringBuilder text =
                new StringBuilder(
                        Metrics.byTask(content.adapters(), SavepointTable::metrics)
                                .entrySet()
                                .stream()
                                .map(task -> table(task.getKey(), task.getValue(), content))
                                .collect(Collectors.joining(System.lineSeparator())));
        text.append(System.lineSeparator());
        content.adapters().forEach(adapter -> text.append(topModules(adapter)));
        content.adapters().forEach(adapter -> text.append(labels(adapter)));
        return text.append(notTrainedYet(content)).toString();
    }

    private static Map<String, Double> metrics(AdapterSummary adapter) {
        return adapter.meta().score().metrics();
    }

    private static String table(
            Task<?> task, List<AdapterSummary> adapters, SavepointContent content) {
        List<ScoreColumn> scores =
                task.columns().stream().filter(column -> column.dispensable() == 0).toList();
        List<List<String>> rows = new ArrayList<>();
        List<String> header =
                new ArrayList<>(
                        List.of("adapter", "step", "version", "budget", "live ranks", "examples"));
        scores.forEach(column -> header.add(column.header()));
        header.addAll(List.of("pending", "bytes"));
        rows.add(header);
        adapters.forEach(adapter -> rows.add(row(adapter, scores, content.pendingOf(adapter))));
        return Columns.rightAligned(rows);
    }

    private static List<String> row(AdapterSummary adapter, List<ScoreColumn> scores, int pending) {
        AdapterMeta meta = adapter.meta();
        List<String> row = new ArrayList<>();
        row.add(meta.adapterId());
        row.add(number(meta.step()));
        row.add(number(meta.version()));
        row.add(number(adapter.budget()));
        row.add(number(adapter.liveRanks()));
        row.add(number(meta.score().examples()));
        scores.forEach(column -> row.add(Metrics.cell(column.of(metrics(adapter)))));
        row.add(number(pending));
        row.add(number(adapter.bytes()));
        return row;
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
        if (!adapter.meta().score().task().hasLabels()) {
            return "%s: a %s, without labels%n"
                    .formatted(adapter.meta().adapterId(), adapter.meta().score().task().id());
        }
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
