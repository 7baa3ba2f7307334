package io.rankstream.ops.terminal;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * One line that says how far something is: rewritten in place on a terminal, printed now and then
 * elsewhere. For use by one thread.
 */
public final class StatusLine {

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
    public StatusLine(PrintWriter out, OptionalInt columns) {
        this.out = out;
        this.columns = columns;
    }

    /**
     * Shows a text if the last time was long enough ago.
     *
     * @param elapsed time since the start
     */
    public void show(Supplier<String> text, Duration elapsed) {
        Duration interval = columns.isPresent() ? TERMINAL_INTERVAL : PLAIN_INTERVAL;
        if (elapsed.minus(shownAt).compareTo(interval) < 0) {
            return;
        }
        shownAt = elapsed;
        if (columns.isPresent()) {
            rewrite(text.get(), columns.getAsInt());
        } else {
            out.println(text.get());
        }
        out.flush();
    }

    /** Clears the line on a terminal, so that something else may follow. */
    public void clear() {
        if (columns.isPresent()) {
            rewrite("", columns.getAsInt());
            out.print('\r');
            out.flush();
        }
    }

    /** A line that reached the last column would wrap, and could not be rewritten. */
    private void rewrite(String text, int width) {
        int room = Math.max(1, width - 1);
        String cut = text.length() > room ? text.substring(0, room) : text;
        out.print("\r" + cut + " ".repeat(room - cut.length()));
    }
}
