package io.rankstream.ops.run;

import io.rankstream.job.RankstreamJob;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.savepoint.SavepointException;
import java.io.IOException;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A job that has what it needs, topics included, and has not started. */
public final class PreparedJob {

    private static final String LOOPBACK = "127.0.0.1";

    private final StreamExecutionEnvironment env;

    private PreparedJob(StreamExecutionEnvironment env) {
        this.env = env;
    }

    /**
     * Prepares a job for a cluster in this process. Unless the configuration says otherwise, that
     * serves this machine alone, and its web page takes no programs.
     *
     * @throws io.rankstream.job.PreflightException if something that it needs is not there
     * @throws SavepointException if what it should go on from cannot be used
     */
    public static PreparedJob of(JobConfig config) throws IOException, SavepointException {
        Configuration flink = config.flink();
        setUnlessGiven(flink, RestOptions.BIND_ADDRESS, LOOPBACK);
        setUnlessGiven(flink, JobManagerOptions.BIND_HOST, LOOPBACK);
        setUnlessGiven(flink, TaskManagerOptions.BIND_HOST, LOOPBACK);
        setUnlessGiven(flink, WebOptions.SUBMIT_ENABLE, false);
        return new PreparedJob(RankstreamJob.prepare(config));
    }

    private static <T> void setUnlessGiven(Configuration flink, ConfigOption<T> option, T value) {
        if (!flink.contains(option)) {
            flink.set(option, value);
        }
    }

    /**
     * Starts it; it can be started once.
     *
     * @throws JobStartException if Flink cannot start it; nothing runs
     */
    public RunningJob start() throws JobStartException, InterruptedException {
        LocalCluster cluster = new LocalCluster();
        try {
            return new RunningJob(cluster, cluster.submit(env));
        } catch (InterruptedException e) {
            cluster.close();
            throw e;
        } catch (Exception e) {
            cluster.close();
            throw JobStartException.of(e);
        }
    }
}
