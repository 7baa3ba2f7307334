package io.rankstream.job.savepoint;

import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.encode.EncodedExampleSerializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.testutils.junit.SharedObjectsExtension;
import org.apache.flink.testutils.junit.SharedReference;

/** How a job's state came to be in files. */
enum Taken {
    ROCKS_DB_CANONICAL("rocksdb", SavepointFormatType.CANONICAL),
    ROCKS_DB_NATIVE("rocksdb", SavepointFormatType.NATIVE),
    ROCKS_DB_CHECKPOINT("rocksdb", null),
    HASH_MAP_CANONICAL("hashmap", SavepointFormatType.CANONICAL),
    HASH_MAP_NATIVE("hashmap", SavepointFormatType.NATIVE),
    HASH_MAP_CHECKPOINT("hashmap", null);

    private final String backend;

    /** Null for a checkpoint. */
    private final SavepointFormatType format;

    Taken(String backend, SavepointFormatType format) {
        this.backend = backend;
        this.format = format;
    }

    /** Runs the job over all examples, takes its state, and cancels it; returns the path. */
    String from(
            TinyJob job,
            List<EncodedExample> examples,
            int parallelism,
            SharedObjectsExtension shared,
            Path folder)
            throws Exception {
        SharedReference<CountDownLatch> checkpointed = shared.add(new CountDownLatch(1));
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(
                        parallelism, configuration(folder));
        job.train(source(environment, new HeldSource(shared.add(examples), checkpointed)))
                .sinkTo(new DiscardingSink<>());
        JobClient client = environment.executeAsync();
        CompletableFuture<JobExecutionResult> end = client.getJobExecutionResult();
        checkpointed.get().await();
        String savepoint =
                format == null
                        ? null
                        : client.triggerSavepoint(
                                        folder.resolve("savepoints").toUri().toString(), format)
                                .get();
        client.cancel().get();
        end.handle((result, failure) -> "ended").get();
        return format == null ? newestCheckpoint(folder) : savepoint;
    }

    @SuppressWarnings("deprecation") // of Flink's sources, the smallest that can stay after its end
    private static DataStream<EncodedExample> source(
            StreamExecutionEnvironment environment, HeldSource source) {
        return environment
                .addSource(source, "examples", EncodedExampleSerializer.TYPE)
                .uid("held-source");
    }

    private Configuration configuration(Path folder) {
        Configuration configuration = TinyJob.configuration(backend);
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                folder.resolve("checkpoints").toUri().toString());
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(100));
        return configuration;
    }

    private static String newestCheckpoint(Path folder) throws IOException {
        try (Stream<Path> found = Files.find(folder, 4, (path, a) -> isCheckpoint(path))) {
            return found.max(Comparator.comparingInt(Taken::number)).orElseThrow().toString();
        }
    }

    private static boolean isCheckpoint(Path path) {
        return path.getFileName().toString().startsWith("chk-")
                && Files.exists(path.resolve("_metadata"));
    }

    private static int number(Path checkpoint) {
        return Integer.parseInt(checkpoint.getFileName().toString().substring("chk-".length()));
    }
}
