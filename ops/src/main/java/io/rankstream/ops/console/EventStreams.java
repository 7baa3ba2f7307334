package io.rankstream.ops.console;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
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
    private final Duration slowest;
    private final Semaphore free = new Semaphore(MOST);
    private final Set<Write> writes = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService watch;
    private final ScheduledFuture<?> watching;

    /** An event that is being written. */
    private record Write(Thread thread, long startNanos) {}

    /**
     * @param slowest how long a page may take to take an event
     */
    EventStreams(Board board, InstantSource clock, Duration slowest) {
        this.board = board;
        this.clock = clock;
        this.slowest = slowest;
        this.watch =
                Executors.newSingleThreadScheduledExecutor(
                        task -> {
                            Thread thread = new Thread(task, "console-watch");
                            thread.setDaemon(true);
                            return thread;
                        });
        long often = slowest.toMillis() / 4;
        watching =
                watch.scheduleWithFixedDelay(this::dropSlow, often, often, TimeUnit.MILLISECONDS);
    }

    /**
     * Serves one until its page goes away, is too slow, or the board is closed.
     *
     * @param adapter the adapter that it looks at closely; null for none
     */
    void serve(HttpExchange exchange, String adapter) throws IOException {
        if (!free.tryAcquire()) {
            ConsoleServer.refuse(
                    exchange,
                    503,
                    "%d pages are open, which is the most: close one".formatted(MOST));
            return;
        }
        try {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
            exchange.sendResponseHeaders(200, 0);
            stream(exchange, adapter);
        } catch (InterruptedException e) {
            return; // dropped
        } finally {
            free.release();
        }
    }

    /** Streams at present. */
    int open() {
        return MOST - free.availablePermits();
    }

    private void stream(HttpExchange exchange, String adapter)
            throws IOException, InterruptedException {
        OutputStream out = exchange.getResponseBody();
        String seen = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        write(out, "retry: 1000\n\n");
        boolean last = false;
        while (!last) {
            last = board.isClosed();
            Optional<Board.Change> change = board.after(seen, adapter, BEAT, clock.instant());
            if (change.isPresent()) {
                seen = change.get().id();
                write(out, "id: %s\ndata: %s\n\n".formatted(seen, change.get().json()));
            } else if (!board.isClosed()) {
                write(out, "event: beat\ndata: \n\n");
            }
        }
    }

    private void write(OutputStream out, String event) throws IOException {
        Write write = new Write(Thread.currentThread(), System.nanoTime());
        writes.add(write);
        try {
            out.write(event.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } finally {
            writes.remove(write);
        }
    }

    /** An interrupt closes the connection that a thread waits for. */
    private void dropSlow() {
        long now = System.nanoTime();
        for (Write write : writes) {
            if (now - write.startNanos() > slowest.toNanos()) {
                write.thread().interrupt();
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
        watching.cancel(false);
        watch.shutdown();
    }
}
