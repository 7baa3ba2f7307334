package io.rankstream.ops.run;

import io.rankstream.job.RankstreamJob;
import io.rankstream.job.ReadyJob;
import io.rankstream.job.claim.JobClaim;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.preflight.Trial;
import io.rankstream.job.savepoint.SavepointException;
import io.rankstream.ops.run.cluster.LocalCluster;
import java.io.IOException;
import java.util.OptionalInt;

/** A job that has what it needs, topics included, and has not started. */
public final class PreparedJob {

    private final ReadyJob job;
    private final KafkaSettings kafka;
    private final OptionalInt prometheusPort;

    private PreparedJob(ReadyJob job, KafkaSettings kafka, OptionalInt prometheusPort) {
        this.job = job;
        this.kafka = kafka;
        this.prometheusPort = prometheusPort;
    }

    /**
     * Prepares a job for a cluster in this process. Unless the configuration says otherwise, that
     * serves this machine alone, and its web page takes no programs.
     *
     * @throws io.rankstream.job.preflight.PreflightException if something that it needs is not
     *     there
     * @throws SavepointException if what it should go on from cannot be used
     */
    public static PreparedJob of(JobConfig config) throws IOException, SavepointException {
        config.completeForThisProcess();
        return new PreparedJob(
                RankstreamJob.prepare(config), config.kafka(), config.metrics().prometheusPort());
    }

    /**
     * Tries what {@link #of} needs, and makes nothing.
     *
     * @throws SavepointException as {@link #of}
     */
    public static Trial tryOut(JobConfig config) throws SavepointException {
        config.completeForThisProcess();
        return RankstreamJob.tryOut(config);
    }

    /** That no other start of the job has followed. */
    public JobClaim claim() {
        return job.claim();
    }

    /**
     * Starts it; it can be started once.
     *
     * @throws JobStartException if Flink cannot start it; nothing runs
     */
    public RunningJob start() throws JobStartException, InterruptedException {
        LocalCluster cluster = new LocalCluster(prometheusPort);
        try {
            return new RunningJob(cluster, cluster.submit(job.env()), kafka);
        } catch (InterruptedException e) {
            cluster.close();
            throw e;
        } catch (Exception e) {
            cluster.close();
            throw JobStartException.of(RootCause.of(kafka), e);
        }
    }
}
