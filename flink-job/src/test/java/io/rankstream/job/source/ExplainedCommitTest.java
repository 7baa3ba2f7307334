package io.rankstream.job.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExplainedCommitTest {

    private final List<Exception> told = new ArrayList<>();

    private int failed;

    private final ExplainedCommit commit =
            new ExplainedCommit((offsets, failure) -> told.add(failure), () -> failed++);

    static List<Exception> passing() {
        return List.of(
                new RetriableCommitFailedException(
                        new CoordinatorNotAvailableException("The coordinator is not available.")),
                new RetriableCommitFailedException(new DisconnectException()),
                new RetriableCommitFailedException("try again"));
    }

    static List<Exception> lasting() {
        return List.of(new GroupAuthorizationException("tickets"), new CommitFailedException());
    }

    @ParameterizedTest
    @MethodSource("passing")
    void whatTheNextCommitMakesUpForIsCountedAndNoWarning(Exception failure) {
        commit.onComplete(Map.of(), failure);
        assertThat(told).isEmpty();
        assertThat(failed).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("lasting")
    void whatLastsIsToldAsEver(Exception failure) {
        commit.onComplete(Map.of(), failure);
        assertThat(told).containsExactly(failure);
        assertThat(failed).isZero();
    }

    @Test
    void aCommitThatSucceedsIsHandedOn() {
        commit.onComplete(Map.of(), null);
        assertThat(told).containsOnlyNulls().hasSize(1);
        assertThat(failed).isZero();
    }
}
