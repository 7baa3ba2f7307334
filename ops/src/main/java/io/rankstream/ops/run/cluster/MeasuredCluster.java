package io.rankstream.ops.run.cluster;

import static org.apache.flink.runtime.metrics.ReporterSetupBuilder.EVENT_SETUP_BUILDER;
import static org.apache.flink.runtime.metrics.ReporterSetupBuilder.METRIC_SETUP_BUILDER;
import static org.apache.flink.runtime.metrics.ReporterSetupBuilder.TRACE_SETUP_BUILDER;

import io.rankstream.job.metrics.PrometheusOptions;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.plugin.PluginManager;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.runtime.metrics.MetricRegistryConfiguration;
import org.apache.flink.runtime.metrics.MetricRegistryImpl;
import org.apache.flink.runtime.metrics.ReporterSetup;
import org.apache.flink.runtime.metrics.filter.DefaultReporterFilters;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;

/** A cluster in this process with one more reporter of its metrics. */
@SuppressWarnings("try") // Flink declares that closing may be interrupted
final class MeasuredCluster extends MiniCluster {

    private final MiniClusterConfiguration configuration;
    private final MetricReporter reporter;

    MeasuredCluster(MiniClusterConfiguration configuration, MetricReporter reporter) {
        super(configuration);
        this.configuration = configuration;
        this.reporter = reporter;
    }

    /** As Flink's own, with the reporter beside those of the configuration. */
    @Override
    protected MetricRegistryImpl createMetricRegistry(Configuration flink, long frameSize) {
        MetricConfig options = new MetricConfig();
        options.putAll(PrometheusOptions.OF_REPORTER);
        PluginManager plugins = configuration.getPluginManager();
        List<ReporterSetup> reporters =
                new ArrayList<>(
                        METRIC_SETUP_BUILDER.fromConfiguration(
                                flink, DefaultReporterFilters::metricsFromConfiguration, plugins));
        reporters.add(
                METRIC_SETUP_BUILDER.forReporter(PrometheusOptions.REPORTER, options, reporter));
        return new MetricRegistryImpl(
                MetricRegistryConfiguration.fromConfiguration(flink, frameSize),
                reporters,
                TRACE_SETUP_BUILDER.fromConfiguration(
                        flink, DefaultReporterFilters::tracesFromConfiguration, plugins),
                EVENT_SETUP_BUILDER.fromConfiguration(
                        flink, DefaultReporterFilters::eventsFromConfiguration, plugins));
    }
}
