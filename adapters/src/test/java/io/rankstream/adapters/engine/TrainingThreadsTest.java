package io.rankstream.adapters.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrainingThreadsTest {

    private final TrainingThreads threads = new TrainingThreads();
    private final CyclicBarrier together = new CyclicBarrier(3);

    @AfterEach
    void end() {
        threads.shutdown();
    }

    /** Returns once three threads are here. */
    private void meet() {
        try {
            together.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    private <R> List<R> share(Function<Integer, R> work) {
        return threads.call(() -> threads.share(List.of(1, 2, 3), work));
    }

    @Test
    void shareAllPortionsAtOnce() {
        List<Integer> squares =
                share(
                        i -> {
                            meet();
                            return i * i;
                        });
        assertThat(squares).containsExactly(1, 4, 9);
    }

    @Test
    void endTheOtherPortionsBeforeAFailureShows() {
        Set<Integer> done = ConcurrentHashMap.newKeySet();
        Function<Integer, Boolean> work =
                i -> {
                    meet();
                    if (i == 2) {
                        throw new IllegalStateException("no more memory");
                    }
                    return done.add(i);
                };
        assertThatThrownBy(() -> share(work))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the training thread failed: no more memory");
        assertThat(done).containsExactlyInAnyOrder(1, 3);
    }

    @Test
    void passAnErrorOnAsItIs() {
        Function<Integer, Integer> work =
                i -> {
                    throw new AssertionError("broken");
                };
        assertThatThrownBy(() -> share(work))
                .isInstanceOf(AssertionError.class)
                .hasMessage("broken");
    }
}
