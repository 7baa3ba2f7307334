package io.rankstream.job.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Collection;
import java.util.List;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink.PrecommittingStatefulSinkWriter;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CalmlyClosedSinkTest {

    /** Fails to close. */
    @SuppressWarnings("try") // it may be interrupted as well
    private record Failing(Exception failure)
            implements PrecommittingStatefulSinkWriter<String, KafkaWriterState, KafkaCommittable> {

        @Override
        public void write(String element, Context context) {}

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public Collection<KafkaCommittable> prepareCommit() {
            return List.of();
        }

        @Override
        public List<KafkaWriterState> snapshotState(long checkpointId) {
            return List.of();
        }

        @Override
        public void close() throws Exception {
            throw failure;
        }
    }

    static List<Exception> failures() {
        return List.of(
                new InvalidProducerEpochException("fenced"),
                new TimeoutException("nobody answers"),
                new IllegalStateException("in an error state"),
                new InterruptedException());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aWriterThatFailsToCloseHasClosed(Exception failure) {
        CalmlyClosedSink.Writer<String> writer =
                new CalmlyClosedSink.Writer<>(new Failing(failure));

        assertThatCode(writer::close).doesNotThrowAnyException();

        assertThat(Thread.interrupted()).isEqualTo(failure instanceof InterruptedException);
    }
}
