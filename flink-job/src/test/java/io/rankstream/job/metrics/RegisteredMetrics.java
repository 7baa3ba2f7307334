package io.rankstream.job.metrics;

import static org.apache.flink.runtime.executiongraph.ExecutionGraphTestUtils.createExecutionAttemptId;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.metrics.CharacterFilter;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.metrics.MetricRegistry;
import org.apache.flink.runtime.metrics.groups.AbstractMetricGroup;
import org.apache.flink.runtime.metrics.groups.InternalOperatorMetricGroup;
import org.apache.flink.runtime.metrics.groups.TaskManagerMetricGroup;
import org.apache.flink.runtime.metrics.groups.TaskMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingTaskMetricGroup;
import org.apache.flink.runtime.metrics.util.TestingMetricRegistry;

/** What an operator has registered in Flink's own groups, under the names of Prometheus. */
public final class RegisteredMetrics {

    private final SortedMap<String, Metric> metrics = new ConcurrentSkipListMap<>();
    private final InternalOperatorMetricGroup operator;

    /** Of a new operator. */
    public RegisteredMetrics() {
        MetricRegistry registry =
                TestingMetricRegistry.builder()
                        .setNumberReporters(1)
                        .setRegisterConsumer(
                                (metric, name, group) -> metrics.put(series(name, group), metric))
                        .setUnregisterConsumer(
                                (metric, name, group) ->
                                        metrics.remove(series(name, group), metric))
                        .build();
        operator =
                TaskManagerMetricGroup.createTaskManagerMetricGroup(
                                registry, "host", new ResourceID("manager"))
                        .addJob(new JobID(), "job")
                        .addTask(createExecutionAttemptId(), "task")
                        .getOrAddOperator("operator");
        metrics.clear();
    }

    /** The group to register in. */
    public InternalOperatorMetricGroup operator() {
        return operator;
    }

    /** Group of a task whose operator it is. */
    public TaskMetricGroup task() {
        return new InterceptingTaskMetricGroup() {
            @Override
            public InternalOperatorMetricGroup getOrAddOperator(
                    OperatorID id, String name, Map<String, String> variables) {
                return operator;
            }
        };
    }

    /** Series of a metric, each as its labels' values. */
    public List<String> labels(JobMetric metric) {
        return metrics.keySet().stream()
                .filter(series -> series.startsWith(metric.prometheusName() + "{"))
                .map(series -> series.substring(series.indexOf('{') + 1, series.length() - 1))
                .toList();
    }

    /** Whether the metric has a series of these labels. */
    public boolean has(JobMetric metric, String... labels) {
        return metrics.containsKey(series(metric, labels));
    }

    /** Number of a counter or gauge. */
    public double value(JobMetric metric, String... labels) {
        return number(metric, labels).doubleValue();
    }

    /** Newest values of a histogram. */
    public long[] values(JobMetric metric) {
        return ((Histogram) registered(metric)).getStatistics().getValues();
    }

    private Number number(JobMetric metric, String... labels) {
        Metric found = registered(metric, labels);
        return found instanceof Counter counter
                ? counter.getCount()
                : (Number) ((Gauge<?>) found).getValue();
    }

    private Metric registered(JobMetric metric, String... labels) {
        Metric found = metrics.get(series(metric, labels));
        if (found == null) {
            throw new NoSuchElementException(
                    series(metric, labels) + " is not among " + metrics.keySet());
        }
        return found;
    }

    private static String series(JobMetric metric, String... labels) {
        Iterator<String> values = Arrays.asList(labels).iterator();
        return metric.prometheusName()
                + metric.labels().stream()
                        .map(label -> values.next())
                        .toList()
                        .toString()
                        .replace('[', '{')
                        .replace(']', '}');
    }

    private static String series(String name, AbstractMetricGroup<?> group) {
        Map<String, String> variables = group.getAllVariables();
        return "flink_%s_%s"
                        .formatted(group.getLogicalScope(CharacterFilter.NO_OP_FILTER, '_'), name)
                + Arrays.stream(MetricLabel.values())
                        .map(label -> variables.get("<" + label.key() + ">"))
                        .filter(value -> value != null)
                        .toList()
                        .toString()
                        .replace('[', '{')
                        .replace(']', '}');
    }
}
