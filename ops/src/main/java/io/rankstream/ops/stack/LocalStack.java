package io.rankstream.ops.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A broker and a schema registry of this process's own, on the loopback interface. They end with
 * this process, however it ends.
 */
public final class LocalStack implements AutoCloseable {

    /** Longer than a child may take to end. */
    private static final Duration ABANDON_LIMIT = Duration.ofSeconds(15);

    private final LocalBroker broker;
    private final LocalRegistry registry;

    private LocalStack(LocalBroker broker, LocalRegistry registry) {
        this.broker = broker;
        this.registry = registry;
    }

    /** Starts both on free ports. */
    public static LocalStack start(Distribution distribution, Path work, Path logs)
            throws StackException, InterruptedException {
        return start(distribution, work, logs, StackPorts.ANY);
    }

    /**
     * Starts both at once and waits until both serve.
     *
     * @param distribution where their class paths are
     * @param work folder for their data; what an earlier stack left there is served again
     * @param logs folder for {@code broker.log} and {@code registry.log}
     * @throws StackException if one of them does not come up; nothing is left running
     */
    public static LocalStack start(
            Distribution distribution, Path work, Path logs, StackPorts ports)
            throws StackException, InterruptedException {
        try {
            Files.createDirectories(logs);
        } catch (IOException e) {
            throw new StackException("cannot make the folder " + logs + " for logs", e);
        }
        ExecutorService starters = Executors.newFixedThreadPool(2);
        Future<LocalBroker> broker =
                starters.submit(
                        () ->
                                LocalBroker.start(
                                        distribution,
                                        work.resolve("broker"),
                                        logs.resolve("broker.log"),
                                        ports.broker()));
        Future<LocalRegistry> registry =
                starters.submit(
                        () ->
                                LocalRegistry.start(
                                        distribution,
                                        work.resolve("registry"),
                                        logs.resolve("registry.log"),
                                        ports.registry()));
        starters.shutdown();
        try {
            return new LocalStack(await(broker), await(registry));
        } catch (StackException | InterruptedException e) {
            abandon(broker);
            abandon(registry);
            awaitEnd(starters);
            throw e;
        }
    }

    /** Where both serve. */
    public StackPorts ports() {
        return new StackPorts(broker.port(), registry.port());
    }

    /** {@code host:port} of the broker. */
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** Base URL of the registry, in Confluent's API. */
    public String registryUrl() {
        return registry.url();
    }

    /**
     * Makes sure that both still run.
     *
     * @throws StackException if one has ended; the message shows its last lines
     */
    public void requireRunning() throws StackException {
        broker.requireRunning();
        registry.requireRunning();
    }

    /** The broker. */
    public LocalBroker broker() {
        return broker;
    }

    /** The schema registry. */
    public LocalRegistry registry() {
        return registry;
    }

    @Override
    public void close() {
        registry.close();
        broker.close();
    }

    private static <T> T await(Future<T> start) throws StackException, InterruptedException {
        try {
            return start.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StackException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Closes what was started, or stops the start, which cleans up after itself. */
    private static void abandon(Future<? extends AutoCloseable> start) {
        if (start.cancel(true)) {
            return;
        }
        try {
            start.get().close();
        } catch (Exception e) {
            // It never came up: there is nothing to close.
        }
    }

    /** A start that was stopped closes its child; until then the child uses its folder. */
    private static void awaitEnd(ExecutorService starters) {
        try {
            starters.awaitTermination(ABANDON_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
