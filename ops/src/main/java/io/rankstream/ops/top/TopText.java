package io.rankstream.ops.top;

import static java.util.Comparator.comparingInt;

import io.rankstream.adapters.task.classification.PrequentialScore;
import io.rankstream.adapters.text.Amount;
import io.rankstream.adapters.text.Program;
import io.rankstream.ops.standing.AdapterLine;
import io.rankstream.ops.standing.Metrics;
import io.rankstream.ops.standing.Standing;
import io.rankstream.ops.table.Columns;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** How adapters do, for people. */
public final class TopText {

    private static final int LONGEST_ID = 32;

    /** Headers by column, and how soon the column goes where there is no room. */
    private enum Column {
        ADAPTER("adapter", 0),
        EXAMPLES("examples", 0),
        ACCURACY("accuracy", 0),
        RECENT("last " + Standing.RECENT, 2),
        WORDS("words", 10),
        MAJORITY("majority", 5),
        LOSS("loss", 8),
        VERSION("version", 6),
        BUDGET("budget", 9),
        REFUSED("refused", 1),
        REFUSED_LATELY("refused 1 h", 7),
        RATE("per min", 4);

        private final String header;
        private final int dispensable;

        Column(String header, int dispensable) {
            this.header = header;
            this.dispensable = dispensable;
        }
    }

    private static final List<Column> COLUMNS = List.of(Column.values());

    private TopText() {}

    /**
     * The text.
     *
     * @param mostAdapters rows to show; how many more there are is said
     * @param width of a line that does not wrap; which columns are left out for it is said
     */
    public static String of(TopView view, int mostAdapters, int width) {
        if (view.adapters().isEmpty() && view.refusedOfNobody() == 0) {
            return fitted("Nothing has been learned or refused yet.%n".formatted(), width)
                    + fitted(notes(view), width);
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(COLUMNS.stream().map(column -> column.header).toList());
        boolean atLeast = !view.cut().isEmpty();
        view.adapters().stream()
                .limit(mostAdapters)
                .forEach(adapter -> rows.add(row(adapter, atLeast)));
        String more =
                view.adapters().size() > mostAdapters
                        ? "and %s%n"
                                .formatted(
                                        Amount.of(
                                                view.adapters().size() - mostAdapters,
                                                "more adapter"))
                        : "";
        return table(rows, width) + fitted(more + notes(view), width);
    }

    /** Leaves out one column after the other until the rest has room. */
    private static String table(List<List<String>> rows, int width) {
        List<Column> shown = new ArrayList<>(COLUMNS);
        List<String> left = new ArrayList<>();
        while (true) {
            String table = Columns.rightAligned(of(rows, shown));
            Column next = Collections.max(shown, comparingInt(column -> column.dispensable));
            boolean fits = table.lines().allMatch(line -> line.length() < width);
            if (fits || next.dispensable == 0) {
                String note =
                        left.isEmpty()
                                ? ""
                                : "no room for: %s%n".formatted(String.join(", ", left));
                return fitted(table + note, width);
            }
            shown.remove(next);
            left.add(next.header);
        }
    }

    private static List<List<String>> of(List<List<String>> rows, List<Column> shown) {
        return rows.stream()
                .map(row -> shown.stream().map(column -> row.get(COLUMNS.indexOf(column))).toList())
                .toList();
    }

    private static List<String> row(AdapterLine adapter, boolean atLeast) {
        return List.of(
                shortened(adapter.id()),
                number(adapter.examples()),
                share(adapter.accuracy()),
                share(adapter.recentAccuracy()),
                share(Metrics.known(adapter.metrics().get(PrequentialScore.WORDS_ACCURACY))),
                share(adapter.majority()),
                share(adapter.loss()),
                adapter.version() == 0 ? "-" : number(adapter.version()),
                adapter.budget() == 0 ? "-" : number(adapter.budget()),
                refused(adapter.refused(), atLeast),
                refused(adapter.refusedLately(), atLeast),
                String.format(Locale.ROOT, "%,.0f", adapter.rate() * 60));
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
                        .map(adapter -> shortened(adapter.id()))
                        .toList();
        if (!paused.isEmpty()) {
            notes.append(
                    "Paused by a command, so that what comes for it is held until '%s': %s%n"
                            .formatted(
                                    Program.commandOfJob("control resume ADAPTER"),
                                    String.join(", ", paused)));
        }
        view.adapters().stream()
                .filter(adapter -> adapter.accuracy().isEmpty() && !adapter.metrics().isEmpty())
                .forEach(
                        adapter ->
                                notes.append(
                                        "%s: %s%n"
                                                .formatted(
                                                        shortened(adapter.id()),
                                                        Metrics.line(adapter.metrics()))));
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

    private static String shortened(String id) {
        return id.length() <= LONGEST_ID ? id : id.substring(0, LONGEST_ID - 1) + "…";
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String share(OptionalDouble value) {
        return value.isEmpty() ? "-" : String.format(Locale.ROOT, "%.3f", value.getAsDouble());
    }
}
