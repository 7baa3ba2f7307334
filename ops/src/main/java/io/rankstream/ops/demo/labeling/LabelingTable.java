package io.rankstream.ops.demo.labeling;

import io.rankstream.ops.table.Columns;
import io.rankstream.schemas.AdapterQuality;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table at the end of a run. */
final class LabelingTable {

    /** What the columns mean. */
    static final String LEGEND =
            """
            Asked: labels that were asked for; labels: what was decided, of which some are wrong, as
            people are. Accuracy: of all inputs, each predicted before its label came, against what is
            true, which nobody knows outside of a demo. Estimate: what the job itself finds for its
            newest window from the labels that came, with a ? where they are too few for an interval; true:
            what is true of that window, which is shorter than the accuracy's; biased: what those labels
            would say without regard to how they were selected. An estimate takes labels as they are, so
            those that are wrong make it too low.""";

    private LabelingTable() {}

    /** A line an adapter: what its labels cost, how good it is, and what is known of that. */
    static String of(List<LabelingTally.Line> lines) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of(
                        "adapter",
                        "inputs",
                        "asked",
                        "labels",
                        "wrong",
                        "accuracy",
                        "last " + number(LabelingTally.RECENT),
                        "estimate",
                        "95 % interval",
                        "true",
                        "biased"));
        lines.forEach(line -> rows.add(row(line)));
        return Columns.rightAligned(rows);
    }

    private static List<String> row(LabelingTally.Line line) {
        AdapterQuality quality = line.quality();
        return List.of(
                line.adapter(),
                number(line.inputs()),
                number(line.asked()),
                number(line.labels()),
                number(line.wrongLabels()),
                share(line.accuracy()),
                share(line.recentAccuracy()),
                quality == null
                        ? "-"
                        : share(quality.getAccuracy()) + (quality.getTrusted() ? "" : "?"),
                quality == null || !quality.getTrusted()
                        ? "-"
                        : share(quality.getLow()) + " to " + share(quality.getHigh()),
                quality == null ? "-" : share(line.windowAccuracy()),
                quality == null || quality.getNaiveAccuracy() == null
                        ? "-"
                        : share(quality.getNaiveAccuracy()));
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String share(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
