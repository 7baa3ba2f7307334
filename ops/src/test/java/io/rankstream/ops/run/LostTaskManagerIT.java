package io.rankstream.ops.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.ops.run.cluster.LocalCluster;
import io.rankstream.ops.run.watch.TaskManagerWatch;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Errors after which Flink in this process ends its TaskManager, and waits for another one. */
@Timeout(120)
class LostTaskManagerIT {

    private static final int LOOKS = 3;
    private static final KafkaSettings NO_BROKER =
            new KafkaSettings(
                    "localhost:9",
                    Map.of(),
                    "lost",
                    KafkaSettings.StartingOffsets.EARLIEST,
                    false,
                    Duration.ofMinutes(15));

    /** Lets a task go on that will not be cancelled. */
    private static final CountDownLatch END = new CountDownLatch(1);

    /** Fails, and fails once more as its task cleans up after that. */
    private static final class FailsToClose extends RichMapFunction<Long, Long> {

        private static final long serialVersionUID = 1L;

        @Override
        public Long map(Long value) {
            throw new IllegalStateException("fails");
        }

        @Override
        public void close() {
            throw new IllegalStateException("fails to close");
        }
    }

    /** Fails in one subtask, and keeps the other one from being cancelled. */
    private static final class CannotBeCancelled extends RichMapFunction<Long, Long> {

        private static final long serialVersionUID = 1L;

        private static final CountDownLatch STUCK = new CountDownLatch(1);

        @Override
        public Long map(Long value) throws InterruptedException {
            if (getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0) {
                STUCK.await();
                throw new IllegalStateException("fails");
            }
            STUCK.countDown();
            while (END.getCount() > 0) {
                try {
                    END.await();
                } catch (InterruptedException e) {
                    // as native code, which knows nothing of it
                }
            }
            return value;
        }
    }

    @Test
    void aTaskThatFailsWhileItCleansUpEndsTheJobWithASentence() throws Exception {
        endsWithASentence(new FailsToClose());
    }

    @Test
    void aTaskThatCannotBeCancelledEndsTheJobWithASentence() throws Exception {
        try {
            endsWithASentence(new CannotBeCancelled());
        } finally {
            END.countDown();
        }
    }

    private static void endsWithASentence(RichMapFunction<Long, Long> function) throws Exception {
        LocalCluster cluster = new LocalCluster(OptionalInt.empty());
        try (RunningJob job =
                new RunningJob(
                        cluster,
                        cluster.submit(environment(function)),
                        NO_BROKER,
                        new TaskManagerWatch(cluster::taskManagers, LOOKS))) {

            assertThatThrownBy(job::await)
                    .isInstanceOfSatisfying(
                            JobFailedException.class,
                            failure -> assertThat(failure.mayGoOn()).isTrue())
                    .hasMessageStartingWith(
                            "the job failed: Flink's TaskManager of this process has ended");
        }
    }

    private static StreamExecutionEnvironment environment(RichMapFunction<Long, Long> function) {
        Configuration flink = new Configuration();
        flink.set(RestOptions.BIND_PORT, "0");
        flink.set(TaskManagerOptions.NUM_TASK_SLOTS, 2);
        flink.setString("task.cancellation.timeout", "200");
        flink.setString("task.cancellation.interval", "50");
        flink.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(flink).setParallelism(2);
        env.fromSequence(1, 1_000)
                .map(function)
                .returns(Long.class)
                .rebalance() // so that one subtask that fails has the other one cancelled
                .sinkTo(new DiscardingSink<>());
        return env;
    }
}
