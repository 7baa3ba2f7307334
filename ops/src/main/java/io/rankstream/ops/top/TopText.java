package io.rankstream.ops.top;

import static java.util.Comparator.comparingInt;

import io.rankstream.adapters.task.ScoreColumn;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.text.Amount;
import io.rankstream.adapters.text.Program;
import io.rankstream.ops.standing.AdapterLine;
import io.rankstream.ops.standing.Drift;
import io.rankstream.ops.standing.Metrics;
import io.rankstream.ops.standing.Standing;
import io.rankstream.ops.table.Columns;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** How adapters do, for people. */
public final class TopText {

    /** A blank line and a header. */
    private static final int LINES_AROUND_A_TABLE = 2;

    private TopText() {}

    /**
     * The text.
     *
     * @param mostAdapters rows to show; how many more there are is said
     * @param width of a line that does not wrap; which columns are left out for it is said
     */
    public static String of(TopView view, int mostAdapters, int width) {
        if (view.adapters().isEmpty() && view.refusedOfNobody() == 0) {
            return fitted(
                            "Nothing has been learned, predicted or refused yet.%n".formatted(),
                            width)
                    + fitted(notes(view), width);
        }
        boolean atLeast = !view.cut().isEmpty();
        List<AdapterLine> learners =
                view.adapters().stream()
                        .filter(line -> line.isLearner() || line.loop().isEmpty())
                        .toList();
        List<AdapterLine> predicting =
                view.adapters().stream().filter(line -> line.loop().isPresent()).toList();
        int most =
                learners.isEmpty() || predicting.isEmpty()
                        ? mostAdapters
                        : Math.max(1, (mostAdapters - LINES_AROUND_A_TABLE) / 2);
        List<String> tables = new ArrayList<>();
        List<AdapterLine> shown = learners.stream().limit(most).toList();
        Metrics.byTask(shown, AdapterLine::scores)
                .forEach((task, lines) -> tables.add(table(columns(task, atLeast), lines, width)));
        List<AdapterLine> shownPredicting = predicting.stream().limit(most).toList();
        if (!predicting.isEmpty()) {
            tables.add(
                    table(LoopColumns.of(shownPredicting), shownPredicting, width)
                            + fitted(LoopColumns.notes(shownPredicting), width));
        }
        int left = Math.max(learners.size(), predicting.size()) - most;
        String more = left > 0 ? "and %s%n".formatted(Amount.of(left, "more adapter")) : "";
        return String.join(System.lineSeparator(), tables) + fitted(more + notes(view), width);
    }

    private static List<TopColumn> columns(Task<?> task, boolean atLeast) {
        List<TopColumn> columns = new ArrayList<>();
        columns.add(TopColumn.ID);
        columns.add(new TopColumn("examples", 0, adapter -> number(adapter.examples())));
        for (ScoreColumn score : task.columns()) {
            if (score.isBrief()) {
                columns.add(
                        new TopColumn(
                                score.header(),
                                score.dispensable(),
                                adapter -> Metrics.cell(score.of(adapter.scores()))));
            }
        }
        if (task.hasLabels()) {
            columns.add(
                    3,
                    new TopColumn(
                            "last " + Standing.RECENT,
                            2,
                            adapter -> Metrics.cell(adapter.recentAccuracy())));
        }
        columns.add(new TopColumn("loss", 8, adapter -> Metrics.cell(adapter.loss())));
        columns.add(new TopColumn("version", 6, adapter -> numberOrDash(adapter.version())));
        columns.add(new TopColumn("budget", 9, adapter -> numberOrDash(adapter.budget())));
        columns.add(
                new TopColumn(
                        "since drift",
                        3,
                        adapter ->
                                adapter.examplesSinceAlarm().isPresent()
                                        ? number(adapter.examplesSinceAlarm().getAsLong())
                                        : "-"));
        columns.add(new TopColumn("refused", 1, adapter -> refused(adapter.refused(), atLeast)));
        columns.add(
                new TopColumn(
                        "refused 1 h", 7, adapter -> refused(adapter.refusedLately(), atLeast)));
        columns.add(
                new TopColumn(
                        "per min",
                        4,
                        adapter -> String.format(Locale.ROOT, "%,.0f", adapter.rate() * 60)));
        return columns;
    }

    /** Leaves out one column after the other until the rest has room. */
    private static String table(List<TopColumn> columns, List<AdapterLine> adapters, int width) {
        List<TopColumn> shown = new ArrayList<>(columns);
        List<String> left = new ArrayList<>();
        while (true) {
            String table = Columns.rightAligned(rows(shown, adapters));
            TopColumn next = Collections.max(shown, comparingInt(TopColumn::dispensable));
            boolean fits = table.lines().allMatch(line -> line.length() < width);
            if (fits || next.dispensable() == 0) {
                String note =
                        left.isEmpty()
                                ? ""
                                : "no room for: %s%n".formatted(String.join(", ", left));
                return fitted(table + note, width);
            }
            shown.remove(next);
            left.add(next.header());
        }
    }

    private static List<List<String>> rows(List<TopColumn> columns, List<AdapterLine> adapters) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(columns.stream().map(TopColumn::header).toList());
        adapters.forEach(
                adapter ->
                        rows.add(
                                columns.stream()
                                        .map(column -> column.cell().apply(adapter))
                                        .toList()));
        return rows;
    }

    private static String numberOrDash(long value) {
        return value == 0 ? "-" : number(value);
    }

    private static String refused(long records, boolean atLeast) {
        return (atLeast && records > 0 ? "≥" : "") + number(records);
    }

    private static String notes(TopView view) {
        StringBuilder notes = new StringBuilder();
        if (!view.job().sentence().isEmpty()) {
            notes.append(view.job().sentence()).append(System.lineSeparator());
        }
        List<String> paused =
                view.adapters().stream()
                        .filter(AdapterLine::paused)
                        .map(adapter -> TopColumn.shortened(adapter.id()))
                        .toList();
        if (!paused.isEmpty()) {
            notes.append(
                    "Paused by a command, so that what comes for it is held until '%s': %s%n"
                            .formatted(
                                    Program.commandOfJob("control resume ADAPTER"),
                                    String.join(", ", paused)));
        }
        List<String> alarmed =
                view.adapters().stream()
                        .filter(TopText::isAlarmOpen)
                        .map(adapter -> TopColumn.shortened(adapter.id()))
                        .toList();
        if (!alarmed.isEmpty()) {
            notes.append(
                    "An alarm of drift is open, until '%s' or '%s': %s%n"
                            .formatted(
                                    Program.commandOfJob("control confirm-drift ADAPTER"),
                                    "dismiss-drift",
                                    String.join(", ", alarmed)));
        }
        if (view.refusedOfNobody() > 0) {
            notes.append(
                    "%s no adapter: see '%s'%n"
                            .formatted(
                                    Amount.of(
                                            view.refusedOfNobody(),
                                            "refused record names",
                                            "refused records name"),
                                    Program.commandOfJob("dlq peek")));
        }
        if (view.unreadable() > 0) {
            notes.append(
                    "%s cannot be read by this release%n"
                            .formatted(Amount.of(view.unreadable(), "record")));
        }
        if (!view.cut().isEmpty()) {
            notes.append(
                    "Only the newest records of %s were looked at: adapters that are quiet may be missing, and more may have been refused.%n"
                            .formatted(String.join(", ", view.cut())));
        }
        return notes.toString();
    }

    private static boolean isAlarmOpen(AdapterLine adapter) {
        return adapter.alarm().filter(alarm -> alarm.said() == Drift.Said.NOTHING).isPresent();
    }

    /** Each line broken where it would wrap, so that the lines can be counted. */
    private static String fitted(String text, int width) {
        int room = Math.max(1, width - 1);
        StringBuilder fitted = new StringBuilder();
        text.lines()
                .forEach(
                        line -> {
                            String rest = line;
                            while (rest.length() > room) {
                                int blank = rest.lastIndexOf(' ', room);
                                int end = blank > 0 ? blank : room;
                                fitted.append(rest, 0, end).append(System.lineSeparator());
                                rest = rest.substring(blank > 0 ? end + 1 : end);
                            }
                            fitted.append(rest).append(System.lineSeparator());
                        });
        return fitted.toString();
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
