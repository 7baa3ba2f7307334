package io.rankstream.ops.summary;

import io.rankstream.adapters.task.ScoreColumn;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.text.Amount;
import io.rankstream.ops.standing.Metrics;
import io.rankstream.ops.table.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The summary for people. */
final class SummaryTable {

    private SummaryTable() {}

    static String text(Summary summary) {
        StringBuilder text = new StringBuilder();
        if (!summary.adapters().isEmpty() || summary.loops().isEmpty()) {
            text.append(adapters(summary));
            text.append(history(summary));
            text.append(System.lineSeparator());
        }
        if (!summary.loops().isEmpty()) {
            text.append(LoopTable.of(summary.loops()));
            text.append(System.lineSeparator());
        }
        summary.adapters().forEach((id, adapter) -> text.append(version(id, adapter)));
        summary.adapters().forEach((id, adapter) -> text.append(alarms(id, adapter)));
        summary.adapters().forEach((id, adapter) -> text.append(forgetting(id, adapter)));
        text.append(deadLetters(summary));
        text.append(time(summary));
        return text.toString();
    }

    static String adapters(Summary summary) {
        if (summary.adapters().isEmpty()) {
            return "in this run, no adapter has learned anything that is committed%n".formatted();
        }
        return byTask(summary).entrySet().stream()
                .map(task -> table(task.getKey(), task.getValue()))
                .collect(Collectors.joining(System.lineSeparator()));
    }

    private static Map<Task<?>, List<Map.Entry<String, AdapterSummary>>> byTask(Summary summary) {
        return Metrics.byTask(
                summary.adapters().entrySet(), adapter -> adapter.getValue().scores());
    }

    private static String table(Task<?> task, List<Map.Entry<String, AdapterSummary>> adapters) {
        List<ScoreColumn> columns = columns(task, adapters);
        List<List<String>> rows = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of("adapter", "examples", "steps"));
        columns.forEach(column -> header.add(column.header()));
        header.addAll(List.of("ranks before", "after"));
        rows.add(header);
        adapters.forEach(adapter -> rows.add(row(adapter.getKey(), adapter.getValue(), columns)));
        return Columns.rightAligned(rows);
    }

    /** What short tables have, and of the others what can be told of one adapter at least. */
    private static List<ScoreColumn> columns(
            Task<?> task, List<Map.Entry<String, AdapterSummary>> adapters) {
        return task.columns().stream()
                .filter(
                        column ->
                                column.isBrief()
                                        || adapters.stream()
                                                .map(adapter -> adapter.getValue().scores())
                                                .anyMatch(scores -> column.of(scores).isPresent()))
                .toList();
    }

    /** What a run that goes on says of now, and what of all the time. */
    private static String history(Summary summary) {
        String before =
                summary.examplesBefore().entrySet().stream()
                        .filter(adapter -> adapter.getValue() > 0)
                        .map(
                                adapter ->
                                        String.format(
                                                Locale.ROOT,
                                                "%s %,d",
                                                adapter.getKey(),
                                                adapter.getValue()))
                        .collect(Collectors.joining(", "));
        return before.isEmpty()
                ? ""
                : """
                  Of this run: examples, steps, ranks, versions, dead letters, time.
                  Of the adapter's whole life: %s; its examples before this run: %s
                  """
                        .formatted(
                                byTask(summary).entrySet().stream()
                                        .flatMap(
                                                task ->
                                                        columns(task.getKey(), task.getValue())
                                                                .stream())
                                        .map(ScoreColumn::header)
                                        .collect(Collectors.joining(", ")),
                                before);
    }

    private static List<String> row(String id, AdapterSummary adapter, List<ScoreColumn> columns) {
        Map<String, Double> scores = adapter.scores();
        List<String> row = new ArrayList<>();
        row.add(id);
        row.add(String.format(Locale.ROOT, "%,d", adapter.examples()));
        row.add(String.format(Locale.ROOT, "%,d", adapter.steps()));
        columns.forEach(column -> row.add(Metrics.cell(column.of(scores))));
        row.add(Integer.toString(adapter.liveRanksBefore()));
        row.add(Integer.toString(adapter.liveRanks()));
        return row;
    }

    private static String version(String id, AdapterSummary adapter) {
        return adapter.version() == 0
                ? "%s: nothing published in this run, which took too few steps for a version%n"
                        .formatted(id)
                : "%s: version %d in %s%n".formatted(id, adapter.version(), adapter.path());
    }

    private static String alarms(String id, AdapterSummary adapter) {
        if (adapter.alarms() == 0) {
            return "";
        }
        return "%s: %s of drift%s%n"
                .formatted(
                        id,
                        Amount.of(adapter.alarms(), "alarm"),
                        adapter.newestAlarm().map(alarm -> "; " + alarm.text()).orElse(""));
    }

    private static String forgetting(String id, AdapterSummary adapter) {
        return adapter.forgetting()
                .map(
                        found ->
                                String.format(
                                        Locale.ROOT,
                                        "%s: of %,d examples that it never learned from, it was asked %,d: %.3f at the end of their period, %.3f now%n",
                                        id,
                                        found.getWithheld(),
                                        found.getProbes(),
                                        found.getThen(),
                                        found.getNow()))
                .orElse("");
    }

    private static String deadLetters(Summary summary) {
        if (summary.deadLetters().isEmpty()) {
            return "dead letters: none%n".formatted();
        }
        String reasons =
                summary.deadLetters().entrySet().stream()
                        .map(SummaryTable::reason)
                        .collect(Collectors.joining(", "));
        return "dead letters: %d (%s)%n".formatted(summary.deadLetterCount(), reasons);
    }

    private static String time(Summary summary) {
        String start =
                summary.secondsToFirstStep().isPresent()
                        ? String.format(
                                Locale.ROOT,
                                " (the first step after %.0f s)",
                                summary.secondsToFirstStep().getAsDouble())
                        : "";
        return String.format(
                Locale.ROOT,
                "%.0f s%s, %.1f examples/s%s%n",
                summary.seconds(),
                start,
                summary.examplesPerSecond(),
                inputs(summary));
    }

    private static String inputs(Summary summary) {
        return summary.loops().isEmpty()
                ? ""
                : String.format(Locale.ROOT, ", %.1f inputs/s", summary.inputsPerSecond());
    }

    private static String reason(Map.Entry<?, Long> entry) {
        return entry.getValue() + " " + entry.getKey();
    }
}
