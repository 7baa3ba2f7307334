package io.rankstream.ops.demo;

import io.rankstream.ops.standing.Standing;
import io.rankstream.ops.terminal.StatusLine;
import io.rankstream.schemas.TrainingReport;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;

/** The line that says how far a run is. For use by one thread. */
final class ProgressLine {

    /** What the line means. */
    static final String LEGEND =
            "Progress: examples learned from or refused of all, examples a second, time, time left at this rate; of each adapter its accuracy so far and how many of its triplets are live (432r: 432)";

    private final StatusLine line;

    /**
     * A line that has not been shown yet.
     *
     * @param columns width of the terminal; empty when {@code out} is none
     */
    ProgressLine(PrintWriter out, OptionalInt columns) {
        this.line = new StatusLine(out, columns);
    }

    /** Shows the progress if the last time was long enough ago. */
    void show(Progress progress, Duration elapsed) {
        line.show(() -> text(progress, elapsed), elapsed);
    }

    /** Clears the line on a terminal, so that something else may follow. */
    void clear() {
        line.clear();
    }

    /** Short enough for two adapters on a terminal of 80 columns. */
    static String text(Progress progress, Duration elapsed) {
        StringBuilder line = new StringBuilder();
        line.append(
                String.format(
                        Locale.ROOT,
                        "%,d/%,d %.1f/s %s, %s left",
                        progress.done(),
                        progress.total(),
                        progress.rate(),
                        clock(elapsed),
                        remaining(progress)));
        for (Standing adapter : progress.adapters()) {
            adapter.latest().ifPresent(latest -> line.append(adapter(adapter.id(), latest)));
        }
        return line.toString();
    }

    private static String adapter(String id, TrainingReport latest) {
        return String.format(
                Locale.ROOT,
                " | %s %s %dr",
                id,
                accuracy(latest.getPrequentialAccuracy()),
                Standing.liveRanks(latest));
    }

    /** Without the zero before the point. */
    private static String accuracy(Double value) {
        if (value == null) {
            return "-";
        }
        String text = String.format(Locale.ROOT, "%.3f", value);
        return text.startsWith("0") ? text.substring(1) : text;
    }

    private static String remaining(Progress progress) {
        double rate = progress.rate();
        if (rate <= 0) {
            return "?";
        }
        return clock(Duration.ofSeconds(Math.round((progress.total() - progress.done()) / rate)));
    }

    private static String clock(Duration time) {
        return "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
    }
}
