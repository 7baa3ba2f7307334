package io.rankstream.ops.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.ops.standing.Standings;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * What is shown: one thread changes it, any number of others wait for changes and read them. What a
 * reader has missed is told from the present state and not kept, so slow ones cost nothing.
 */
final class Board {

    /** What the job does. */
    enum Phase {
        /** What it does is not known yet. */
        UNKNOWN,
        /** It learns, as far as is known. */
        LEARNING,
        /** It runs, and nothing comes that it could learn. */
        WAITING,
        /** None is seen that runs. */
        IDLE,
        /** It has ended. */
        ENDED,
        /** What it does cannot be read at present. */
        UNREADABLE
    }

    private final BoardJson json;
    private Standings standings = new Standings();

    /** Tells the numbers of these changes from those of an earlier projection. */
    private String epoch = newEpoch();

    private final Phase first;
    private Phase phase;
    private String message = "";
    private boolean closed;

    /** For a job that runs in this process. */
    Board(ConsoleSubject subject) {
        this(subject, Phase.LEARNING);
    }

    /**
     * @param first what the job does, until something is told
     */
    Board(ConsoleSubject subject, Phase first) {
        this.json = new BoardJson(subject);
        this.first = first;
        this.phase = first;
    }

    private static String newEpoch() {
        return UUID.randomUUID().toString().substring(0, 8);
    }

    /** Begins a projection anew; what happened to the job stays known. */
    synchronized void restart() {
        standings = standings.anew();
        epoch = newEpoch();
        phase = first;
        message = "";
        notifyAll();
    }

    /** Changes it. */
    synchronized void change(Instant now, Collection<Consumer<Standings>> updates) {
        updates.forEach(update -> update.accept(standings));
        standings.rest(now);
        notifyAll();
    }

    /** When something was last learned, predicted or refused; empty if nothing ever was. */
    synchronized Optional<Instant> newest() {
        return standings.newest();
    }

    /** Says what the job does from now on. */
    synchronized void tell(Instant now, Phase next, String sentence) {
        if (phase == next && message.equals(sentence)) {
            return;
        }
        phase = next;
        message = sentence;
        change(now, List.of(Standings::touch));
    }

    /** Nothing will change any more; whoever waits stops waiting. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /**
     * What has changed.
     *
     * @param seen what {@link Change#id} said the last time; null or another board's for everything
     * @param adapter the adapter that is looked at closely; null for none
     * @param limit how long to wait for a change
     * @return empty if there is none by then, or ever
     */
    synchronized Optional<Change> after(String seen, String adapter, Duration limit, Instant now)
            throws InterruptedException {
        long since = revision(seen);
        long deadline = System.nanoTime() + limit.toNanos();
        while (!closed && since >= standings.revision()) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return Optional.empty();
            }
            wait(left);
        }
        if (since >= standings.revision()) {
            return Optional.empty();
        }
        ObjectNode text = json.of(standings, since, adapter, now);
        text.put("phase", phase.name());
        text.put("message", message);
        return Optional.of(new Change(epoch + "-" + standings.revision(), text.toString()));
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Number of changes that somebody has seen; -1 for none of this board's. */
    private long revision(String seen) {
        String prefix = epoch + "-";
        if (seen == null || !seen.startsWith(prefix)) {
            return -1;
        }
        try {
            long number = Long.parseLong(seen.substring(prefix.length()));
            return number <= standings.revision() ? number : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /**
     * What has changed, in JSON.
     *
     * @param id number of the newest change, for the next call
     */
    record Change(String id, String json) {}
}
