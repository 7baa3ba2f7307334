package io.rankstream.job.config.passthrough;

import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.configuration.ConfigUtils;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.executiongraph.failover.FailoverStrategyFactoryLoader;
import org.apache.flink.runtime.executiongraph.failover.RestartBackoffTimeStrategyFactoryLoader;
import org.apache.flink.runtime.heartbeat.HeartbeatServices;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.streaming.api.environment.CheckpointConfig;
import org.apache.flink.util.FlinkUserCodeClassLoaders;

/** Parts of Flink as judges of its options: each reads them as it does when a job starts. */
public final class FlinkParts {

    private FlinkParts() {}

    /** Something of Flink that reads options. */
    private interface Part {
        void read(Configuration flink) throws Exception;
    }

    public static List<WholeOptions.Judge> judges() {
        List<Part> parts =
                List.of(
                        flink -> new CheckpointConfig().configure(flink),
                        flink ->
                                new ExecutionConfig()
                                        .configure(flink, FlinkParts.class.getClassLoader()),
                        HeartbeatServices::fromConfiguration,
                        FailoverStrategyFactoryLoader::loadFailoverStrategyFactory,
                        flink ->
                                RestartBackoffTimeStrategyFactoryLoader
                                        .createRestartBackoffTimeStrategyFactory(flink, flink, true)
                                        .create(),
                        flink ->
                                FlinkUserCodeClassLoaders.ResolveOrder.fromString(
                                        flink.get(CoreOptions.CLASSLOADER_RESOLVE_ORDER)),
                        flink ->
                                ConfigUtils.decodeListFromConfig(
                                        flink, PipelineOptions.JARS, FlinkParts::url),
                        flink ->
                                ConfigUtils.decodeListFromConfig(
                                        flink, PipelineOptions.CLASSPATHS, FlinkParts::url),
                        FlinkParts::taskManager,
                        FlinkParts::jobManager);
        return parts.stream().map(FlinkParts::judge).toList();
    }

    private static WholeOptions.Judge judge(Part part) {
        return (Map<String, String> given) -> part.read(FlinkDefaults.under(given));
    }

    private static URL url(String text) throws MalformedURLException {
        URI uri = URI.create(text);
        if (!uri.isAbsolute()) {
            throw new MalformedURLException(
                    "'%s' is no URL, such as file:///opt/lib/own.jar".formatted(text));
        }
        return uri.toURL();
    }

    /** Sizes that are not given are those of the cluster. */
    private static void taskManager(Configuration flink) {
        if (flink.contains(TaskManagerOptions.TOTAL_PROCESS_MEMORY)
                || flink.contains(TaskManagerOptions.TOTAL_FLINK_MEMORY)) {
            TaskExecutorProcessUtils.processSpecFromConfig(flink);
        }
    }

    private static void jobManager(Configuration flink) {
        if (flink.contains(JobManagerOptions.TOTAL_PROCESS_MEMORY)
                || flink.contains(JobManagerOptions.TOTAL_FLINK_MEMORY)) {
            JobManagerProcessUtils.processSpecFromConfig(flink);
        }
    }
}
