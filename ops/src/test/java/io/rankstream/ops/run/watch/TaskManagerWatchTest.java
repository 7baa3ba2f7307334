package io.rankstream.ops.run.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TaskManagerWatchTest {

    private static final int MOST = 5;

    private CompletableFuture<Integer> answer = CompletableFuture.completedFuture(1);
    private long now;

    private final TaskManagerWatch watch = new TaskManagerWatch(() -> answer, MOST);

    static Stream<CompletableFuture<Integer>> answersOfAClusterWithoutOne() {
        return Stream.of(
                CompletableFuture.completedFuture(0),
                CompletableFuture.failedFuture(new IllegalStateException("closed")),
                new CompletableFuture<>());
    }

    @ParameterizedTest
    @MethodSource("answersOfAClusterWithoutOne")
    void itIsGoneOnceManyLooksInARowHaveFoundNone(CompletableFuture<Integer> none) {
        assertThat(isGoneAfterLooks(3)).isFalse();
        answer = none;

        assertThat(isGoneAfterLooks(MOST)).isFalse();
        assertThat(isGoneAfterLooks(1)).isTrue();
    }

    @Test
    void looksThatFoundNoneCountInARowAlone() {
        answer = CompletableFuture.completedFuture(0);
        assertThat(isGoneAfterLooks(MOST - 1)).isFalse();
        answer = CompletableFuture.completedFuture(1);
        assertThat(isGoneAfterLooks(2)).isFalse();
        answer = CompletableFuture.completedFuture(0);
        assertThat(isGoneAfterLooks(MOST)).isFalse();
    }

    private boolean isGoneAfterLooks(int looks) {
        return IntStream.range(0, looks)
                .mapToObj(
                        look -> {
                            now += 1_000;
                            return watch.isGone(now);
                        })
                .reduce(false, (before, next) -> next);
    }
}
