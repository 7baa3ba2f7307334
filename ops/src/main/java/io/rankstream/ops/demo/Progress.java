package io.rankstream.ops.demo;

import io.rankstream.ops.standing.Standing;
import io.rankstream.ops.standing.Standings;
import io.rankstream.ops.summary.Mark;
import io.rankstream.ops.summary.Summary;
import io.rankstream.schemas.TrainingReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/** What the training reports and dead letters tell so far. For use by one thread. */
final class Progress {

    /** The rate is that of this last while, so that it follows what the machine does now. */
    private static final Duration RATE_WINDOW = Duration.ofSeconds(30);

    private final long total;
    private final Standings standings = new Standings();
    private final Deque<Mark> marks = new ArrayDeque<>();
    private long deadLetters;

    /**
     * Nothing done yet.
     *
     * @param total examples that were sent
     */
    Progress(long total) {
        this.total = total;
    }

    /** Takes in what was read since the last call. */
    void add(Duration elapsed, Collection<TrainingReport> reports, int moreDeadLetters) {
        reports.forEach(report -> standings.add(report, Instant.EPOCH.plus(elapsed)));
        deadLetters += moreDeadLetters;
        marks.addLast(new Mark(elapsed, done()));
        while (marks.size() > 2
                && elapsed.minus(marks.getFirst().elapsed()).compareTo(RATE_WINDOW) > 0) {
            marks.removeFirst();
        }
    }

    /** What there is to show of a run that did not come to its end. */
    Summary summary(Duration elapsed) {
        return Summary.of(standings, elapsed, List.copyOf(marks));
    }

    long total() {
        return total;
    }

    /** Examples that were trained on or refused. */
    long done() {
        return deadLetters + standings.examples();
    }

    /** Examples a second over the last while; 0 when nothing is known yet. */
    double rate() {
        if (marks.isEmpty()) {
            return 0;
        }
        Mark first = marks.getFirst();
        Mark last = marks.getLast();
        double seconds = last.elapsed().minus(first.elapsed()).toMillis() / 1000.0;
        return seconds == 0 ? 0 : (last.done() - first.done()) / seconds;
    }

    /** The adapters that have learned something, by their ids. */
    List<Standing> adapters() {
        return standings.adapters().stream().sorted(Comparator.comparing(Standing::id)).toList();
    }
}
