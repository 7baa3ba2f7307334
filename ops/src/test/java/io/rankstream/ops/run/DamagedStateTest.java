package io.rankstream.ops.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.List;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.checkpoint.StateObjectCollection;
import org.apache.flink.runtime.state.BackendBuildingException;
import org.apache.flink.runtime.state.OperatorStateBackend;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.streaming.api.operators.BackendRestorerProcedure;
import org.apache.flink.util.FlinkException;
import org.apache.flink.util.SerializedThrowable;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rocksdb.RocksDBException;

class DamagedStateTest {

    static List<Throwable> damages() {
        return List.of(
                new BackendBuildingException("Failed when trying to restore", new IOException()),
                new RocksDBException("Corruption: not an sstable (bad magic number)"),
                new RocksDBException("block checksum mismatch: stored = 1, computed = 2 in 5.sst"),
                whileRestoring(new IOException("AdapterSerializer reads formats 1 to 2, found 9")),
                whileRestoring(new IllegalStateException("negative")));
    }

    static List<Throwable> others() {
        return List.of(
                new IOException("disk full"),
                new RocksDBException("IO error: No space left on device"),
                new FlinkException("Could not perform checkpoint 3"),
                whileRestoring(new TimeoutException("the broker does not answer")));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void stateThatCannotBeReadIsRecognized(Throwable damage) {
        Throwable failure = new RuntimeException("the task failed", damage);

        assertThat(DamagedState.isCauseOf(failure)).isTrue();
        assertThat(DamagedState.isCauseOf(new SerializedThrowable(failure))).isTrue();
    }

    @ParameterizedTest
    @MethodSource("others")
    void whatMayPassIsNone(Throwable other) {
        assertThat(DamagedState.isCauseOf(new RuntimeException(other))).isFalse();
    }

    /** As Flink throws it, from where it restores. */
    private static Throwable whileRestoring(Exception cause) {
        return catchThrowable(
                () ->
                        new BackendRestorerProcedure<OperatorStateBackend, OperatorStateHandle>(
                                        state -> {
                                            throw cause;
                                        },
                                        new CloseableRegistry(),
                                        "operator state backend")
                                .createAndRestore(List.of(StateObjectCollection.empty()), null));
    }
}
