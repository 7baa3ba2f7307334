package io.rankstream.job.config.passthrough;

import io.rankstream.job.RankstreamJob;
import io.rankstream.job.checkpoint.DigestedStorage;
import io.rankstream.job.checkpoint.RareCompaction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.apache.flink.state.rocksdb.RocksDBOptions;

/** Flink's options that Rankstream sets unless the file does. */
public final class FlinkDefaults {

    /**
     * A default of ours.
     *
     * @param reason why it differs from Flink's, or is pinned
     */
    public record Default<T>(ConfigOption<T> option, T value, String reason) {

        public void applyTo(Configuration configuration) {
            // looks at the option's older names too, so that one of them is not overruled
            if (!configuration.contains(option)) {
                configuration.set(option, value);
            }
        }

        /** The value as it would be written. */
        public String shown() {
            Configuration alone = new Configuration();
            alone.set(option, value);
            return alone.toMap().get(option.key());
        }
    }

    public static final List<Default<?>> ALL =
            List.of(
                    new Default<>(
                            CheckpointingOptions.CHECKPOINTING_INTERVAL,
                            Duration.ofSeconds(10),
                            "Results become visible with a checkpoint."),
                    new Default<>(
                            CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE,
                            CheckpointingMode.EXACTLY_ONCE,
                            "An example is trained on once."),
                    new Default<>(
                            CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                            ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION,
                            "A cancelled job can be continued."),
                    new Default<>(
                            CheckpointingOptions.CHECKPOINT_STORAGE,
                            DigestedStorage.Factory.class.getName(),
                            "A start sees that bytes of a checkpoint have changed."),
                    new Default<>(
                            CheckpointingOptions.ENABLE_UNALIGNED,
                            true,
                            "A checkpoint gets past records that wait for a training step."),
                    new Default<>(
                            CheckpointingOptions.ALIGNED_CHECKPOINT_TIMEOUT,
                            Duration.ofSeconds(30),
                            "Checkpoints stay aligned, and small, as long as that is quick."),
                    new Default<>(
                            StateBackendOptions.STATE_BACKEND,
                            "rocksdb",
                            "Adapters may outgrow the heap."),
                    new Default<>(
                            CheckpointingOptions.INCREMENTAL_CHECKPOINTS,
                            true,
                            "A checkpoint uploads the adapters that changed."),
                    new Default<>(
                            RocksDBOptions.OPTIONS_FACTORY,
                            RareCompaction.class.getName(),
                            "Compactions upload adapters that have not changed."),
                    new Default<>(
                            RocksDBConfigurableOptions.USE_BLOOM_FILTER,
                            true,
                            "Reading an adapter reads no other one."),
                    new Default<>(
                            PipelineOptions.GENERIC_TYPES,
                            false,
                            "No type falls back to Kryo, whose state cannot evolve."),
                    new Default<>(
                            PipelineOptions.MAX_PARALLELISM,
                            128,
                            "Fixed for the life of the state, so it must not follow the"
                                    + " parallelism."),
                    new Default<>(
                            CoreOptions.DEFAULT_PARALLELISM, 1, "One process, one base model."),
                    new Default<>(
                            RestartStrategyOptions.RESTART_STRATEGY,
                            "exponential-delay",
                            "An outage of broker or registry ends by itself."),
                    new Default<>(
                            RestartStrategyOptions
                                    .RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
                            Duration.ofSeconds(1),
                            "A single failure costs little time."),
                    new Default<>(
                            RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
                            Duration.ofMinutes(1),
                            "After a long outage the job is back within a minute."),
                    new Default<>(
                            RestartStrategyOptions
                                    .RESTART_STRATEGY_EXPONENTIAL_DELAY_BACKOFF_MULTIPLIER,
                            2.0,
                            "Reaches the longest delay after six failures."),
                    new Default<>(
                            RestartStrategyOptions
                                    .RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD,
                            Duration.ofMinutes(10),
                            "Ten good minutes make the next failure a first one."),
                    new Default<>(
                            ExecutionOptions.BUFFER_TIMEOUT,
                            Duration.ZERO,
                            "An example reaches its micro-batch at once: the linger alone is what it"
                                    + " waits for."),
                    new Default<>(
                            TaskManagerOptions.BUFFER_DEBLOAT_ENABLED,
                            true,
                            "Fewer records wait in front of a checkpoint's barrier."),
                    new Default<>(
                            TaskManagerOptions.BUFFER_DEBLOAT_PERIOD,
                            Duration.ofSeconds(1),
                            "A training step takes a good part of Flink's 200 ms."),
                    new Default<>(
                            PipelineOptions.AUTO_WATERMARK_INTERVAL,
                            Duration.ZERO,
                            "Nothing waits for an event's time."));

    /** Options that have one value whatever the file says. */
    public static final Map<String, String> FIXED =
            Map.of(
                    PipelineOptions.NAME.key(),
                    RankstreamJob.NAME,
                    ExecutionOptions.RUNTIME_MODE.key(),
                    RuntimeExecutionMode.STREAMING.name());

    private static final String LOOPBACK = "127.0.0.1";

    /** What {@code rankstream run} adds for the cluster in its process. */
    public static final List<Default<?>> OF_RUN =
            List.of(
                    new Default<>(RestOptions.BIND_ADDRESS, LOOPBACK, "It serves this machine."),
                    new Default<>(JobManagerOptions.BIND_HOST, LOOPBACK, "It serves this machine."),
                    new Default<>(
                            TaskManagerOptions.BIND_HOST, LOOPBACK, "It serves this machine."),
                    new Default<>(
                            WebOptions.SUBMIT_ENABLE, false, "Its web page takes no programs."),
                    new Default<>(
                            WebOptions.CANCEL_ENABLE,
                            false,
                            "Its web page ends no job: stop does."),
                    new Default<>(
                            WebOptions.ACCESS_CONTROL_ALLOW_ORIGIN,
                            "http://127.0.0.1",
                            "No page from elsewhere reads it, nor learns the job's id."));

    private FlinkDefaults() {}

    /** {@code given} over the defaults. */
    public static Configuration under(Map<String, String> given) {
        Configuration configuration = Configuration.fromMap(given);
        ALL.forEach(each -> each.applyTo(configuration));
        return configuration;
    }
}
