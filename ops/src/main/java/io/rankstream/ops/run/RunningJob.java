package io.rankstream.ops.run;

import io.rankstream.job.RankstreamJob;
import io.rankstream.job.config.JobConfig;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.JobClient;

/** A job in a cluster of this process. Closing it before its end cancels it. */
public final class RunningJob implements AutoCloseable {

    private static final long CANCEL_LIMIT_SECONDS = 5;

    private final JobClient client;
    private final CompletableFuture<JobExecutionResult> end;

    private RunningJob(JobClient client) {
        this.client = client;
        this.end = client.getJobExecutionResult();
    }

    /**
     * Starts a job and returns. Unless the configuration says otherwise, the cluster's web page is
     * for this machine alone and takes no programs.
     *
     * @throws io.rankstream.job.PreflightException if something that it needs is not there
     */
    public static RunningJob start(JobConfig config) throws Exception {
        Configuration flink = config.flink();
        flink.set(
                RestOptions.BIND_ADDRESS,
                flink.getOptional(RestOptions.BIND_ADDRESS).orElse("127.0.0.1"));
        flink.set(
                WebOptions.SUBMIT_ENABLE,
                flink.getOptional(WebOptions.SUBMIT_ENABLE).orElse(false));
        return new RunningJob(RankstreamJob.start(config));
    }

    /** Whether the job has ended, in success or failure. */
    public boolean hasEnded() {
        return end.isDone();
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

    @Override
    public void close() {
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
