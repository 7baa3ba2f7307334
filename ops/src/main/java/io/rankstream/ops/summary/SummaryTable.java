package io.rankstream.ops.summary;

import io.rankstream.ops.standing.Metrics;
import io.rankstream.ops.table.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** The summary for people. */
final class SummaryTable {

    private static final List<String> HEADER =
            List.of(
                    "adapter",
                    "examples",
                    "steps",
                    "accuracy",
                    "last 1,000",
                    "files",
                    "words",
                    "majority",
                    "ranks before",
                    "after");

    private SummaryTable() {}

    static String text(Summary summary) {
        StringBuilder text = new StringBuilder(adapters(summary));
        text.append(history(summary));
        text.append(System.lineSeparator());
        summary.adapters().forEach((id, adapter) -> text.append(files(id, adapter)));
        text.append(deadLetters(summary));
        text.append(time(summary));
        return text.toString();
    }

    static String adapters(Summary summary) {
        if (summary.adapters().isEmpty()) {
            return "in this run, no adapter has learned anything that is committed%n".formatted();
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADER);
        summary.adapters().forEach((id, adapter) -> rows.add(row(id, adapter)));
        return Columns.rightAligned(rows);
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
                  Of the adapter's whole life: accuracy, last 1,000, files, words, majority; its examples before this run: %s
                  """
                        .formatted(before);
    }

    private static List<String> row(String id, AdapterSummary adapter) {
        return List.of(
                id,
                String.format(Locale.ROOT, "%,d", adapter.examples()),
                String.format(Locale.ROOT, "%,d", adapter.steps()),
                share(adapter.prequentialAccuracy()),
                share(adapter.prequentialAccuracyLast1000()),
                share(adapter.filesAccuracy()),
                share(adapter.wordsAccuracy()),
                share(adapter.majorityAccuracy()),
                Integer.toString(adapter.liveRanksBefore()),
                Integer.toString(adapter.liveRanks()));
    }

    private static String share(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.3f", value.getAsDouble()) : "-";
    }

    private static String files(String id, AdapterSummary adapter) {
        String metrics =
                adapter.prequentialAccuracy().isPresent() || adapter.metrics().isEmpty()
                        ? ""
                        : "%s: %s%n".formatted(id, Metrics.line(adapter.metrics()));
        return metrics + version(id, adapter);
    }

    private static String version(String id, AdapterSummary adapter) {
        return adapter.version() == 0
                ? "%s: nothing published in this run%n".formatted(id)
                : "%s: version %d in %s%n".formatted(id, adapter.version(), adapter.path());
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
                "%.0f s%s, %.1f examples/s%n",
                summary.seconds(),
                start,
                summary.examplesPerSecond());
    }

    private static String reason(Map.Entry<?, Long> entry) {
        return entry.getValue() + " " + entry.getKey();
    }
}
