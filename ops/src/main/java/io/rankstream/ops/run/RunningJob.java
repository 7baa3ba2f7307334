package io.rankstream.ops.run;

import io.rankstream.job.RankstreamJob;
import io.rankstream.job.config.JobConfig;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.JobClient;

/** A job in a cluster of this process. Closing it before its end cancels it. */
public final class RunningJob implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    private static final long CANCEL_LIMIT_SECONDS = 5;

    private final LocalCluster cluster;
    private final JobClient client;
    private final CompletableFuture<JobExecutionResult> end;

    private RunningJob(LocalCluster cluster, JobClient client) {
        this.cluster = cluster;
        this.client = client;
        this.end = client.getJobExecutionResult();
    }

    /**
     * Starts a job and returns. Unless the configuration says otherwise, its cluster serves this
     * machine alone, and its web page takes no programs.
     *
     * @throws io.rankstream.job.PreflightException if something that it needs is not there
     */
    public static RunningJob start(JobConfig config) throws Exception {
        Configuration flink = config.flink();
        setUnlessGiven(flink, RestOptions.BIND_ADDRESS, LOOPBACK);
        setUnlessGiven(flink, JobManagerOptions.BIND_HOST, LOOPBACK);
        setUnlessGiven(flink, TaskManagerOptions.BIND_HOST, LOOPBACK);
        setUnlessGiven(flink, WebOptions.SUBMIT_ENABLE, false);
        LocalCluster cluster = LocalCluster.with(flink);
        try {
            return new RunningJob(cluster, cluster.submit(RankstreamJob.prepare(config)));
        } catch (Exception e) {
            cluster.close();
            throw e;
        }
    }

    private static <T> void setUnlessGiven(Configuration flink, ConfigOption<T> option, T value) {
        if (!flink.contains(option)) {
            flink.set(option, value);
        }
    }

    /** Whether the job has ended, in success or failure. */
    public boolean hasEnded() {
        return end.isDone();
    }

    /** Waits until the job ends, in success or failure, or {@code limit} is over. */
    public boolean endsWithin(Duration limit) throws InterruptedException {
        try {
            end.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
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
            end.get();
        } catch (ExecutionException e) {
            throw new JobFailedException(e.getCause());
        }
    }

    /** Address of its web page. */
    public URI webPage() {
        return cluster.webPage();
    }

    @Override
    public void close() {
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
