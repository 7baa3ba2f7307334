package io.rankstream.ops.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.registry.RegistryException;
import java.io.IOException;
import java.util.List;
import org.apache.flink.util.SerializedThrowable;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RootCauseTest {

    private final RootCause root = new RootCause("one:9092,two:9092");

    static List<Exception> silences() {
        return List.of(
                new TimeoutException("Timeout expired after 60000ms"),
                new DisconnectException(),
                new NetworkException("gone"),
                new BrokerNotAvailableException("gone"),
                new CoordinatorNotAvailableException("gone"));
    }

    @ParameterizedTest
    @MethodSource("silences")
    void ofABrokerThatDoesNotAnswerTheAddressIsTold(Exception silence) {
        Throwable failure = new RuntimeException("Failed to flush.", silence);
        assertThat(root.sentence(failure))
                .startsWith("the broker at one:9092,two:9092 does not answer: ");
        assertThat(root.sentence(new SerializedThrowable(failure)))
                .isEqualTo(root.sentence(failure));
    }

    @Test
    void ofTooLittleMemoryItIsSaidHowMuchThereIs() {
        Throwable failure = new RuntimeException(new OutOfMemoryError("Java heap space"));

        assertThat(root.sentence(failure))
                .matches(
                        "the process has too little memory \\(Java heap space; its heap has at most [0-9,]+ MB\\): give it more");
    }

    @Test
    void ourOwnAccountOfAFailureStandsForWhatCausedIt() {
        Throwable ours =
                new RegistryException(
                        "the schema registry is away", new IOException("connection refused"));
        assertThat(root.sentence(new RuntimeException(ours)))
                .isEqualTo("the schema registry is away");
    }
}
