package io.rankstream.ops.summary;

import io.rankstream.ops.standing.Metrics;
import io.rankstream.ops.table.Columns;
import io.rankstream.schemas.AdapterQuality;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/** What came of inputs without a label, for people. */
final class LoopTable {

    private LoopTable() {}

    /** A line for each adapter; the naive figure is marked as biased. */
    static String of(SortedMap<String, LoopSummary> loops) {
        boolean asks = loops.values().stream().anyMatch(LoopSummary::asks);
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                asks
                        ? List.of(
                                "adapter",
                                "inputs",
                                "asked",
                                "labels",
                                "estimate",
                                "95 % interval",
                                "naive (biased)")
                        : List.of("adapter", "inputs"));
        loops.forEach((id, loop) -> rows.add(row(id, loop, asks)));
        String note =
                loops.values().stream().anyMatch(LoopTable::isDoubtful)
                        ? "A ? behind an estimate: too few labels for an interval.%n".formatted()
                        : "";
        return Columns.rightAligned(rows) + note;
    }

    private static List<String> row(String id, LoopSummary loop, boolean asks) {
        List<String> row = new ArrayList<>(List.of(id, number(loop.inputs())));
        if (asks) {
            row.add(number(loop.asked()));
            row.add(number(loop.labels()));
            row.add(
                    loop.quality().map(one -> share(one.getAccuracy())).orElse("-")
                            + (isDoubtful(loop) ? "?" : ""));
            row.add(loop.quality().map(LoopTable::interval).orElse("-"));
            row.add(loop.quality().map(one -> share(one.getNaiveAccuracy())).orElse("-"));
        }
        return row;
    }

    private static boolean isDoubtful(LoopSummary loop) {
        return loop.quality()
                .filter(one -> one.getAccuracy() != null && !one.getTrusted())
                .isPresent();
    }

    private static String interval(AdapterQuality quality) {
        return !quality.getTrusted() || quality.getLow() == null || quality.getHigh() == null
                ? "-"
                : share(quality.getLow()) + " to " + share(quality.getHigh());
    }

    private static String share(Double value) {
        return Metrics.cell(Metrics.known(value));
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
