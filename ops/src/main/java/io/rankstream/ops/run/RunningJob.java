package io.rankstream.ops.run;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.ops.run.cluster.LocalCluster;
import io.rankstream.ops.run.watch.BrokerWatch;
import io.rankstream.ops.run.watch.RestartDelay;
import io.rankstream.ops.run.watch.RestartWatch;
import io.rankstream.ops.run.watch.TaskManagerGoneException;
import io.rankstream.ops.run.watch.TaskManagerWatch;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.core.execution.JobClient;

/** A job in a cluster of this process. Closing it before its end cancels it. */
public final class RunningJob implements AutoCloseable {

    private static final long CANCEL_LIMIT_SECONDS = 5;
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

    private final LocalCluster cluster;
    private final JobClient client;
    private final CompletableFuture<JobExecutionResult> end;
    private final RootCause root;
    private final RestartWatch restarts;
    private final TaskManagerWatch taskManager;
    private final KafkaSettings kafka;
    private int restartsSeen;

    /** Null until somebody asks for news. */
    private BrokerWatch broker;

    RunningJob(LocalCluster cluster, JobClient client, KafkaSettings kafka) {
        this(
                cluster,
                client,
                kafka,
                new TaskManagerWatch(cluster::taskManagers, TaskManagerWatch.MISSING));
    }

    /** As above, with a watch of its own. */
    RunningJob(
            LocalCluster cluster,
            JobClient client,
            KafkaSettings kafka,
            TaskManagerWatch taskManager) {
        this.cluster = cluster;
        this.client = client;
        this.end = client.getJobExecutionResult();
        this.root = RootCause.of(kafka);
        this.restarts = new RestartWatch(RestartDelay.of(cluster.configuration()), root);
        this.taskManager = taskManager;
        this.kafka = kafka;
    }

    /**
     * Prepares a job as {@link PreparedJob#of}, starts it and returns.
     *
     * @throws io.rankstream.job.preflight.PreflightException if something that it needs is not
     *     there
     */
    public static RunningJob start(JobConfig config) throws Exception {
        return PreparedJob.of(config).start();
    }

    /** Whether the job has ended, in success or failure. */
    public boolean hasEnded() {
        return end.isDone();
    }

    /**
     * Waits until the job ends, in success or failure, or {@code limit} is over. A job whose
     * TaskManager is gone ends in failure, though Flink would have it wait for another one.
     */
    public boolean endsWithin(Duration limit) throws InterruptedException {
        try {
            end.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return taskManager.isGone(System.nanoTime() / 1_000_000)
                    && end.completeExceptionally(new TaskManagerGoneException());
        } catch (ExecutionException e) {
            return true;
        }
    }

    /**
     * Waits until the job ends.
     *
     * @throws JobFailedException if it ends in failure
     */
    public void await() throws JobFailedException, InterruptedException {
        try {
            while (!endsWithin(LOOK_INTERVAL)) {
                // it runs
            }
            end.get();
        } catch (ExecutionException e) {
            throw new JobFailedException(root, e.getCause());
        }
    }

    /** Address of its web page. */
    public URI webPage() {
        return cluster.webPage();
    }

    /** Where its metrics are served for Prometheus; empty if they are not. */
    public Optional<URI> metricsPage() {
        return cluster.metricsPage();
    }

    /**
     * What an operator should know and has not been told, a line each: failures that the job
     * recovers from or tries to, and that the broker does not answer.
     */
    public List<String> news() throws InterruptedException {
        if (broker == null) {
            broker = BrokerWatch.of(kafka);
        }
        List<String> news = new ArrayList<>(broker.see(System.currentTimeMillis()));
        news.addAll(restartNews());
        return news;
    }

    /**
     * Why none of its further attempts leads anywhere, as {@link #news} saw it last: its state
     * cannot be read.
     */
    public Optional<String> unreadableState() {
        return restarts.deadEnd();
    }

    /** How often its tasks had been started anew when {@link #news} looked last. */
    public int restarts() {
        return restartsSeen;
    }

    private List<String> restartNews() throws InterruptedException {
        try {
            JobGlance glance = JobGlance.at(cluster.graph(client.getJobID()).get());
            restartsSeen = Math.max(restartsSeen, glance.restarts());
            return restarts.see(glance, System.currentTimeMillis());
        } catch (ExecutionException | IllegalStateException e) {
            return List.of(); // it has just ended, and its cluster with it
        }
    }

    @Override
    public void close() {
        if (broker != null) {
            broker.close();
        }
        cancel();
        cluster.close();
    }

    private void cancel() {
        if (end.isDone()) {
            return;
        }
        // Cancelling succeeds when the end is an exception: how it ends does not matter any more.
        client.cancel()
                .thenCompose(cancelled -> end)
                .handle((result, failure) -> "ended")
                .completeOnTimeout("given up", CANCEL_LIMIT_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
