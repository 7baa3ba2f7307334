package io.rankstream.ops.run;

import io.rankstream.job.metrics.PrometheusOptions;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.runtime.metrics.MetricRegistryConfiguration;
import org.apache.flink.runtime.metrics.MetricRegistryImpl;
import org.apache.flink.runtime.metrics.ReporterSetup;
import org.apache.flink.runtime.metrics.ReporterSetupBuilder;
import org.apache.flink.runtime.metrics.filter.DefaultReporterFilters;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;

/** A cluster in this process with one more reporter of its metrics. */
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
        List<ReporterSetup> reporters =
                new ArrayList<>(
                        ReporterSetupBuilder.METRIC_SETUP_BUILDER.fromConfiguration(
                                flink,
                                DefaultReporterFilters::metricsFromConfiguration,
                                configuration.getPluginManager()));
        reporters.add(
                ReporterSetupBuilder.METRIC_SETUP_BUILDER.forReporter(
                        PrometheusOptions.REPORTER, options, reporter));
        return new MetricRegistryImpl(
                MetricRegistryConfiguration.fromConfiguration(flink, frameSize), reporters);
    }
}
