package io.rankstream.ops.top;

import io.rankstream.ops.standing.AdapterLine;
import io.rankstream.ops.standing.Standing;
import io.rankstream.ops.table.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** How adapters do, for people. */
public final class TopText {

    private static final int LONGEST_ID = 32;

    private static final List<String> HEADER =
            List.of(
                    "adapter",
                    "examples",
                    "accuracy",
                    "last " + Standing.RECENT,
                    "majority",
                    "loss",
                    "version",
                    "budget",
                    "refused",
                    "per min");

    private TopText() {}

    /**
     * The text.
     *
     * @param mostAdapters rows to show; how many more there are is said
     */
    public static String of(TopView view, int mostAdapters) {
        if (view.adapters().isEmpty() && view.refusedOfNobody() == 0) {
            return "Nothing has been learned or refused yet.%n".formatted() + notes(view);
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADER);
        boolean atLeast = !view.cut().isEmpty();
        view.adapters().stream()
                .limit(mostAdapters)
                .forEach(adapter -> rows.add(row(adapter, atLeast)));
        String more =
                view.adapters().size() > mostAdapters
                        ? "and %,d more adapters%n".formatted(view.adapters().size() - mostAdapters)
                        : "";
        return Columns.rightAligned(rows) + more + notes(view);
    }

    private static List<String> row(AdapterLine adapter, boolean atLeast) {
        return List.of(
                shortened(adapter.id()),
                number(adapter.examples()),
                share(adapter.accuracy()),
                share(adapter.recentAccuracy()),
                share(adapter.majority()),
                share(adapter.loss()),
                adapter.version() == 0 ? "-" : number(adapter.version()),
                adapter.budget() == 0 ? "-" : number(adapter.budget()),
                (atLeast && adapter.refused() > 0 ? "≥" : "") + number(adapter.refused()),
                String.format(Locale.ROOT, "%,.0f", adapter.rate() * 60));
    }

    private static String notes(TopView view) {
        StringBuilder notes = new StringBuilder();
        if (view.refusedOfNobody() > 0) {
            notes.append(
                    "%,d refused records name no adapter: see 'rankstream dlq peek'%n"
                            .formatted(view.refusedOfNobody()));
        }
        if (view.unreadable() > 0) {
            notes.append(
                    "%,d records cannot be read by this release%n".formatted(view.unreadable()));
        }
        if (!view.cut().isEmpty()) {
            notes.append(
                    "Only the newest records of %s were looked at: adapters that are quiet may be missing, and more may have been refused.%n"
                            .formatted(String.join(", ", view.cut())));
        }
        return notes.toString();
    }

    /** Each line so short that it does not wrap. */
    public static String fitted(String text, int columns) {
        int room = Math.max(1, columns - 1);
        return text.lines()
                .map(line -> line.length() > room ? line.substring(0, room) : line)
                .collect(Collectors.joining("\n", "", "\n"));
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
