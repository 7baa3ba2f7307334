package io.rankstream.ops.console;

import io.rankstream.ops.http.Exchange;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams of server-sent events, one a page that is open, and not more than {@link #MOST}. A page
 * that comes back with the id of its last event is told what it has missed. One that takes nothing
 * for too long is dropped.
 */
final class EventStreams implements AutoCloseable {

    /** Streams at a time. */
    static final int MOST = 16;

    /** Without changes, so often is it said that there are none. */
    private static final Duration BEAT = Duration.ofSeconds(5);

    private static final Duration LAST_WORD = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);

    private final Board board;
    private final InstantSource clock;
    private final Semaphore free = new Semaphore(MOST);

    EventStreams(Board board, InstantSource clock) {
        this.board = board;
        this.clock = clock;
    }

    /**
     * Serves one until its page goes away, is too slow, or the board is closed.
     *
     * @param adapter the adapter that it looks at closely; null for none
     */
    void serve(Exchange exchange, String adapter) throws IOException {
        if (!free.tryAcquire()) {
            exchange.refuse(503, "%d pages are open, which is the most: close one".formatted(MOST));
            return;
        }
        try {
            exchange.begin("text/event-stream; charset=utf-8");
            stream(exchange, adapter);
            exchange.end();
        } catch (InterruptedException e) {
            throw new IOException("the server is being closed", e);
        } finally {
            free.release();
        }
    }

    /** Streams at present. */
    int open() {
        return MOST - free.availablePermits();
    }

    private void stream(Exchange exchange, String adapter)
            throws IOException, InterruptedException {
        String seen = exchange.header("Last-Event-ID").orElse(null);
        exchange.write("retry: 1000\n\n");
        boolean last = false;
        while (!last) {
            last = board.isClosed();
            Optional<Board.Change> change = board.after(seen, adapter, BEAT, clock.instant());
            if (change.isPresent()) {
                seen = change.get().id();
                exchange.write("id: %s\ndata: %s\n\n".formatted(seen, change.get().json()));
            } else if (!board.isClosed()) {
                exchange.write("event: beat\ndata: \n\n");
            }
        }
    }

    /** Waits a moment for streams of a closed board to say their last word. */
    @Override
    public void close() {
        try {
            if (!free.tryAcquire(MOST, LAST_WORD.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.info("Some pages of the console were slow and miss its end.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
