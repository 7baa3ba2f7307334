package io.rankstream.ops.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * One line that says how far a run is: rewritten in place on a terminal, printed now and then
 * elsewhere. For use by one thread.
 */
final class ProgressLine {

    private static final Duration TERMINAL_INTERVAL = Duration.ofMillis(500);
    private static final Duration PLAIN_INTERVAL = Duration.ofSeconds(5);

    private final PrintWriter out;
    private final OptionalInt columns;
    private Duration shownAt = Duration.ZERO;

    /**
     * A line that has not been shown yet.
     *
     * @param columns width of the terminal; empty when {@code out} is none
     */
    ProgressLine(PrintWriter out, OptionalInt columns) {
        this.out = out;
        this.columns = columns;
    }

    /** Shows the progress if the last time was long enough ago. */
    void show(Progress progress, Duration elapsed) {
        Duration interval = columns.isPresent() ? TERMINAL_INTERVAL : PLAIN_INTERVAL;
        if (elapsed.minus(shownAt).compareTo(interval) < 0) {
            return;
        }
        shownAt = elapsed;
        String text = text(progress, elapsed);
        if (columns.isPresent()) {
            rewrite(text, columns.getAsInt());
        } else {
            out.println(text);
        }
        out.flush();
    }

    /** Clears the line on a terminal, so that something else may follow. */
    void clear() {
        if (columns.isPresent()) {
            rewrite("", columns.getAsInt());
            out.print('\r');
            out.flush();
        }
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
        for (Map.Entry<String, AdapterProgress> adapter : progress.adapters().entrySet()) {
            line.append(
                    String.format(
                            Locale.ROOT,
                            " | %s %s %dr",
                            adapter.getKey(),
                            accuracy(adapter.getValue().latest().getPrequentialAccuracy()),
                            adapter.getValue().liveRanks()));
        }
        return line.toString();
    }

    /** Without the zero before the point. */
    private static String accuracy(double value) {
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

    /** A line that reached the last column would wrap, and could not be rewritten. */
    private void rewrite(String text, int width) {
        int room = Math.max(1, width - 1);
        String cut = text.length() > room ? text.substring(0, room) : text;
        out.print("\r" + cut + " ".repeat(room - cut.length()));
    }
}
