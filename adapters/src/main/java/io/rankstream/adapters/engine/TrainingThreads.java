package io.rankstream.adapters.engine;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The threads that drive libtorch. Every call comes to one of them, the training thread, and
 * helpers share its work where that falls into even portions: each drives libtorch alone, so none
 * waits for another before the end. What does not fall into portions has libtorch's own threads,
 * which wait for each other after every operation, and spin while they wait, in the way of the
 * helpers; so they are for that alone.
 *
 * <p>{@link #call} and {@link #run} are for any thread, the rest is for the training thread.
 */
public final class TrainingThreads {

    private final ExecutorService training =
            Executors.newSingleThreadExecutor(work -> thread(work, "rankstream-training"));
    private final ExecutorService helpers =
            Executors.newCachedThreadPool(
                    work -> thread(() -> help(work), "rankstream-training-helper"));

    private static Thread thread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        // DJL finds its engine through this loader; a job's own loader would be kept alive by it.
        thread.setContextClassLoader(Engine.class.getClassLoader());
        return thread;
    }

    private static void help(Runnable work) {
        prepare();
        work.run();
    }

    /** Makes this thread one that drives libtorch alone, once that is loaded. */
    public static void prepare() {
        JniUtils.setGradMode(false);
        JniUtils.setNumThreads(1);
    }

    /** Runs {@code work} on the training thread and waits for it. */
    public void run(Runnable work) {
        call(Executors.callable(work));
    }

    /**
     * Runs {@code work} on the training thread and waits for its result, interrupted or not: a
     * caller that left would leave native memory without an owner.
     */
    public <T> T call(Callable<T> work) {
        Future<T> future = training.submit(work);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw failure(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Does {@code work} here with libtorch's own threads.
     *
     * @param threads how many
     */
    public <T> T whole(int threads, Supplier<T> work) {
        JniUtils.setNumThreads(threads);
        try {
            return work.get();
        } finally {
            JniUtils.setNumThreads(1);
        }
    }

    /**
     * Does {@code work} on all portions at once, the last here, and returns when all are done.
     *
     * @param portions at least one
     * @param work called from several threads
     * @return one result a portion, in their order
     */
    public <P, R> List<R> share(List<P> portions, Function<P, R> work) {
        int last = portions.size() - 1;
        List<CompletableFuture<R>> all =
                IntStream.rangeClosed(0, last)
                        .mapToObj(
                                i ->
                                        CompletableFuture.supplyAsync(
                                                () -> work.apply(portions.get(i)),
                                                i < last ? helpers : Runnable::run))
                        .toList();
        try {
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        }
        return all.stream().map(CompletableFuture::join).toList();
    }

    private static RuntimeException failure(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause instanceof EngineUnavailableException unavailable) {
            return unavailable;
        }
        return new IllegalStateException(
                "the training thread failed: " + cause.getMessage(), cause);
    }

    /** Ends the threads once they have done what they were given. */
    public void shutdown() {
        training.shutdown();
        helpers.shutdown();
    }
}
