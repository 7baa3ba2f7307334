package io.rankstream.ops.run.cluster;

import io.rankstream.job.RankstreamJob;
import io.rankstream.ops.files.OwnedFolder;
import io.rankstream.ops.run.JobStartException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.client.deployment.executors.LocalExecutor;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ConfigurationUtils;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.metrics.prometheus.LoopbackPrometheusReporter;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.messages.webmonitor.ClusterOverview;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * Flink in this process, for one job. Folders for temporary files that the configuration names are
 * used through one of its own in each, which is gone when this is closed.
 */
public final class LocalCluster implements AutoCloseable {

    private static final long CLOSE_LIMIT_SECONDS = 5;

    private final List<OwnedFolder> folders = new ArrayList<>();

    /** Null unless metrics are served. */
    private final LoopbackPrometheusReporter metrics;

    /** Null until a job is submitted. */
    private MiniCluster cluster;

    /**
     * @param prometheusPort where metrics are served; 0 takes a free port
     * @throws JobStartException if that port cannot be taken
     */
    public LocalCluster(OptionalInt prometheusPort) throws JobStartException {
        metrics = prometheusPort.isPresent() ? reporter(prometheusPort.getAsInt()) : null;
    }

    private static LoopbackPrometheusReporter reporter(int port) throws JobStartException {
        try {
            return new LoopbackPrometheusReporter(port);
        } catch (IOException e) {
            throw JobStartException.ofMetrics(port, e);
        }
    }

    /** Starts with the job of an environment, and returns once the job is initialized. */
    public JobClient submit(StreamExecutionEnvironment env) throws Exception {
        Configuration flink = Configuration.fromMap(env.getConfiguration().toMap());
        flink.set(PageGuardFactory.GUARDED, true);
        if (flink.contains(CoreOptions.TMP_DIRS)) {
            useOwnFolders(flink);
        }
        StreamGraph graph = env.getStreamGraph();
        graph.setJobName(RankstreamJob.NAME);
        return LocalExecutor.createWithFactory(new Configuration(), this::make)
                .execute(graph, flink, Thread.currentThread().getContextClassLoader())
                .get();
    }

    private void useOwnFolders(Configuration flink) throws IOException {
        List<String> own = new ArrayList<>();
        for (String parent : ConfigurationUtils.parseTempDirectories(flink)) {
            OwnedFolder folder = OwnedFolder.in(Path.of(parent));
            folders.add(folder);
            own.add(folder.path().toString());
        }
        flink.set(CoreOptions.TMP_DIRS, String.join(",", own));
    }

    private MiniCluster make(MiniClusterConfiguration configuration) {
        cluster =
                metrics == null
                        ? new MiniCluster(configuration)
                        : new MeasuredCluster(configuration, metrics);
        return cluster;
    }

    /** What it runs with. */
    public Configuration configuration() {
        return cluster.getConfiguration();
    }

    /** Address of the web page. */
    public URI webPage() {
        return cluster.getRestAddress().join();
    }

    /** Where metrics are served; empty if they are not. */
    public Optional<URI> metricsPage() {
        return Optional.ofNullable(metrics).map(LoopbackPrometheusReporter::page);
    }

    /** How many TaskManagers it has; none once it is shut down, as it is when its job has ended. */
    public CompletableFuture<Integer> taskManagers() {
        try {
            return cluster.requestClusterOverview()
                    .thenApply(ClusterOverview::getNumTaskManagersConnected);
        } catch (IllegalStateException e) {
            return CompletableFuture.completedFuture(0);
        }
    }

    /** The job as it is now. */
    public CompletableFuture<? extends AccessExecutionGraph> graph(JobID job) {
        return cluster.getExecutionGraph(job);
    }

    @Override
    public void close() {
        if (cluster != null) {
            cluster.closeAsync()
                    .exceptionally(e -> null)
                    .completeOnTimeout(null, CLOSE_LIMIT_SECONDS, TimeUnit.SECONDS)
                    .join();
        }
        if (metrics != null) {
            metrics.close();
        }
        folders.forEach(OwnedFolder::close);
    }
}
