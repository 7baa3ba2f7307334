package io.rankstream.ops.run.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BrokerWatchTest {

    private static final long START = 1_000_000;

    private final List<CompletableFuture<String>> questions = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();

    private final BrokerWatch watch =
            new BrokerWatch(
                    "one:9092,two:9092",
                    () -> {
                        questions.add(new CompletableFuture<>());
                        return newest();
                    },
                    () -> {});

    private long now = START;

    static List<RuntimeException> silences() {
        return List.of(
                new TimeoutException("timed out"),
                new DisconnectException(),
                new NetworkException("gone"));
    }

    static List<RuntimeException> refusals() {
        return List.of(
                new ClusterAuthorizationException("not you"),
                new SaslAuthenticationException("wrong password"));
    }

    @Test
    void ofABrokerThatAnswersNothingIsTold() {
        for (int i = 0; i < 10; i++) {
            answer(10);
        }
        assertThat(lines).isEmpty();
        assertThat(questions).hasSize(11);
    }

    @Test
    void isNotAskedAgainBeforeItHasAnsweredNorAllTheTime() {
        see(0);
        see(60_000);
        assertThat(questions).hasSize(1);
        newest().complete("id");
        see(0);
        see(500);
        assertThat(questions).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("silences")
    void aBrokerThatFallsSilentIsToldOnceWithItsAddressWithinSeconds(RuntimeException silence) {
        answer(10);
        fail(silence, 4_000);
        assertThat(lines).isEmpty();
        fail(silence, 4_000);
        assertThat(lines)
                .singleElement()
                .asString()
                .startsWith("the broker at one:9092,two:9092 has not answered for 8 s: ");
        fail(silence, 4_000);
        fail(silence, 4_000);
        assertThat(lines).hasSize(1);
    }

    @Test
    void thatItAnswersAgainIsToldOnceWithTheWholeSilence() {
        for (int i = 0; i < 5; i++) {
            fail(new TimeoutException("timed out"), 4_000);
        }
        answer(2_000);
        answer(2_000);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1))
                .isEqualTo("the broker at one:9092,two:9092 answers again after 22 s");
    }

    @Test
    void aNewSilenceIsToldAnew() {
        for (int i = 0; i < 3; i++) {
            fail(new TimeoutException("timed out"), 4_000);
            fail(new TimeoutException("timed out"), 4_000);
            answer(10);
        }
        assertThat(lines).hasSize(6);
        assertThat(lines.get(4)).contains("has not answered for 8 s");
    }

    @Test
    void oneQuestionWithoutAnAnswerIsNoSilence() {
        for (int i = 0; i < 5; i++) {
            fail(new TimeoutException("timed out"), 4_000);
            answer(10);
        }
        assertThat(lines).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aBrokerThatRefusesToTellHasAnswered(RuntimeException refusal) {
        fail(refusal, 10);
        fail(refusal, 10);
        fail(refusal, 10);
        assertThat(lines).isEmpty();
    }

    private void answer(long millis) {
        see(0);
        newest().complete("id");
        pass(millis);
    }

    private void fail(RuntimeException failure, long millis) {
        see(0);
        newest().completeExceptionally(failure);
        pass(millis);
    }

    /** The next question is not asked before its time. */
    private void pass(long millis) {
        see(Math.max(millis, 2_000));
    }

    private void see(long millis) {
        now += millis;
        lines.addAll(watch.see(now));
    }

    private CompletableFuture<String> newest() {
        return questions.get(questions.size() - 1);
    }
}
