package io.rankstream.ops.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Threads that read and answer requests. None of them waits long for a peer that has sent half a
 * request or that takes no answer; and the less so while other requests wait for a thread.
 */
final class RequestThreads implements Executor, AutoCloseable {

    /** Requests at a time. */
    private static final int MOST = 64;

    private static final int CROWDED = 10;
    private static final Duration IDLE = Duration.ofSeconds(30);

    private static final ThreadLocal<Turn> CURRENT = new ThreadLocal<>();

    private final Set<Turn> turns = ConcurrentHashMap.newKeySet();
    private final Duration limit;
    private final ThreadPoolExecutor threads;
    private final ScheduledExecutorService watch;
    private final ScheduledFuture<?> watching;

    /**
     * @param name begins the threads' names
     * @param limit how long a request may take to arrive, and a peer to take an answer
     */
    RequestThreads(String name, Duration limit) {
        this.limit = limit;
        AtomicInteger count = new AtomicInteger();
        this.threads =
                new ThreadPoolExecutor(
                        MOST,
                        MOST,
                        IDLE.toSeconds(),
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        daemon(() -> name + "-" + count.incrementAndGet()));
        threads.allowCoreThreadTimeOut(true);
        this.watch = new ScheduledThreadPoolExecutor(1, daemon(() -> name + "-watch"));
        long often = Math.max(1, limit.toMillis() / (2 * CROWDED));
        this.watching =
                watch.scheduleWithFixedDelay(this::dropSlow, often, often, TimeUnit.MILLISECONDS);
    }

    private static ThreadFactory daemon(Supplier<String> name) {
        return task -> {
            Thread thread = new Thread(task, name.get());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void execute(Runnable request) {
        threads.execute(() -> run(request));
    }

    private void run(Runnable request) {
        Turn turn = new Turn();
        turns.add(turn);
        CURRENT.set(turn);
        try {
            request.run();
        } finally {
            turns.remove(turn);
            CURRENT.remove();
            turn.end();
        }
    }

    /** The turn of the request that this thread has read. */
    static Turn turn() {
        return CURRENT.get();
    }

    private void dropSlow() {
        long nanos = limit.toNanos();
        long arriving = threads.getQueue().isEmpty() ? nanos : nanos / CROWDED;
        turns.forEach(turn -> turn.dropAfter(nanos, arriving));
    }

    @Override
    public void close() {
        watching.cancel(false);
        watch.shutdown();
        threads.shutdownNow();
    }
}
