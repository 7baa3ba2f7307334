package io.rankstream.job.metrics;

import static io.rankstream.job.metrics.MetricType.GAUGE;

/** Metrics of Flink, and of Kafka's consumer, that belong beside those of Rankstream. */
public enum FlinkMetric {
    RESTARTS(
            "flink_jobmanager_job_numRestarts",
            GAUGE,
            "restarts",
            "How often the job's tasks were started anew. Begins at 0 when a job is submitted."),
    UPTIME(
            "flink_jobmanager_job_uptime",
            GAUGE,
            "ms",
            "How long the job has run since its newest restart; 0 while it does not run."),
    LAST_CHECKPOINT(
            "flink_jobmanager_job_lastCheckpointCompletedTimestamp",
            GAUGE,
            "ms since 1970",
            "When the newest checkpoint was completed, so that its age is `time() - x / 1000`; -1"
                    + " before the first."),
    CHECKPOINT_DURATION(
            "flink_jobmanager_job_lastCheckpointDuration",
            GAUGE,
            "ms",
            "How long it took; -1 before the first."),
    CHECKPOINT_SIZE(
            "flink_jobmanager_job_lastCheckpointSize",
            GAUGE,
            "bytes",
            "What it wrote; -1 before the first."),
    COMPLETED_CHECKPOINTS(
            "flink_jobmanager_job_numberOfCompletedCheckpoints",
            GAUGE,
            "checkpoints",
            "Checkpoints that were completed."),
    FAILED_CHECKPOINTS(
            "flink_jobmanager_job_numberOfFailedCheckpoints",
            GAUGE,
            "checkpoints",
            "Checkpoints that were not. One or two while the job starts are no fault."),
    INPUT_LAG(
            "flink_taskmanager_job_task_operator_KafkaSourceReader_KafkaConsumer_records_lag_max",
            GAUGE,
            "records",
            "Lag of the input: records of the partition that is furthest behind which were not"
                    + " fetched yet. By `operator_name`."),
    PENDING_RECORDS(
            "flink_taskmanager_job_task_operator_pendingRecords",
            GAUGE,
            "records",
            "The same summed over the partitions of a subtask. There from the first records on."),
    BUSY(
            "flink_taskmanager_job_task_busyTimeMsPerSecond",
            GAUGE,
            "ms/s",
            "How much of its time a task works; that with `train` in `task_name` is the one to look"
                    + " at."),
    BACK_PRESSURED(
            "flink_taskmanager_job_task_backPressuredTimeMsPerSecond",
            GAUGE,
            "ms/s",
            "How much of its time it waits for the task behind it."),
    HEAP_USED(
            "flink_taskmanager_Status_JVM_Memory_Heap_Used",
            GAUGE,
            "bytes",
            "Heap in use, waste included."),
    HEAP_MAX("flink_taskmanager_Status_JVM_Memory_Heap_Max", GAUGE, "bytes", "Limit of the heap."),
    MANAGED_USED(
            "flink_taskmanager_Status_Flink_Memory_Managed_Used",
            GAUGE,
            "bytes",
            "Managed memory in use, by RocksDB.");

    private final String prometheusName;
    private final MetricType type;
    private final String unit;
    private final String meaning;

    FlinkMetric(String prometheusName, MetricType type, String unit, String meaning) {
        this.prometheusName = prometheusName;
        this.type = type;
        this.unit = unit;
        this.meaning = meaning;
    }

    /** Name in Prometheus, by Flink's reporter. */
    public String prometheusName() {
        return prometheusName;
    }

    public MetricType type() {
        return type;
    }

    /** What is counted or measured in. */
    public String unit() {
        return unit;
    }

    /** What it tells, in Markdown. */
    public String meaning() {
        return meaning;
    }
}
