package io.rankstream.ops.run;

import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.runtime.source.coordinator.SourceCoordinator;
import org.apache.flink.runtime.state.BackendBuildingException;
import org.apache.flink.streaming.api.operators.BackendRestorerProcedure;
import org.apache.flink.streaming.api.operators.StreamOperatorStateHandler;
import org.apache.flink.util.ExceptionUtils;
import org.rocksdb.RocksDBException;

/**
 * Recognizes failures of a job whose state cannot be read. Whoever tries again reads the same
 * bytes.
 */
public final class DamagedState {

    /** Where Flink hands state to what has written it. */
    private static final String[] RESTORING = {
        BackendRestorerProcedure.class.getName() + ".createAndRestore",
        StreamOperatorStateHandler.class.getName() + ".initializeOperatorState",
        SourceCoordinator.class.getName() + ".resetToCheckpoint"
    };

    private static final String KAFKA = "org.apache.kafka.";

    /** What RocksDB says of a file with other bytes than it has written. */
    private static final Pattern CORRUPTION =
            Pattern.compile("corrupt|checksum|magic number", Pattern.CASE_INSENSITIVE);

    private DamagedState() {}

    /** Whether state that cannot be read is the cause. */
    public static boolean isCauseOf(Throwable failure) {
        return RootCause.has(failure, BackendBuildingException.class)
                || isCorrupt(failure)
                || (isWhileRestoring(failure) && !isOfKafka(failure));
    }

    /** RocksDB finds a damaged block when it reads it, which may be long after the start. */
    private static boolean isCorrupt(Throwable failure) {
        return ExceptionUtils.findThrowable(
                        failure,
                        cause ->
                                RootCause.className(cause).equals(RocksDBException.class.getName())
                                        && CORRUPTION
                                                .matcher(String.valueOf(cause.getMessage()))
                                                .find())
                .isPresent();
    }

    private static boolean isWhileRestoring(Throwable failure) {
        return ExceptionUtils.findThrowable(
                        failure,
                        cause ->
                                Stream.of(cause.getStackTrace())
                                        .map(
                                                frame ->
                                                        frame.getClassName()
                                                                + "."
                                                                + frame.getMethodName())
                                        .anyMatch(Stream.of(RESTORING).toList()::contains))
                .isPresent();
    }

    /** A sink takes up its transactions while it is restored, for which it asks the broker. */
    private static boolean isOfKafka(Throwable failure) {
        return ExceptionUtils.findThrowable(
                        failure, cause -> RootCause.className(cause).startsWith(KAFKA))
                .isPresent();
    }
}
