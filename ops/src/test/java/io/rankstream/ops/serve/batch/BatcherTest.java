package io.rankstream.ops.serve.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.rankstream.adapters.tokens.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // of some questions only the pass is looked at
class BatcherTest {

    private static final int PASS_TOKENS = 10;
    private static final String BAD = "bad";

    /** Adapters of each pass, as often as they have texts. */
    private final List<List<String>> passes = Collections.synchronizedList(new ArrayList<>());

    private final AtomicInteger ended = new AtomicInteger();

    /** The first pass waits for it, so that what comes meanwhile gathers. */
    private final CountDownLatch first = new CountDownLatch(1);

    private final CountDownLatch begun = new CountDownLatch(1);

    private List<float[][]> answer(List<Passes.Part<String>> parts) {
        begun.countDown();
        try {
            first.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        passes.add(
                parts.stream()
                        .flatMap(part -> part.texts().stream().map(text -> part.adapter()))
                        .toList());
        if (parts.stream().anyMatch(part -> part.adapter().equals(BAD))) {
            throw new IllegalStateException("a bad adapter");
        }
        return parts.stream()
                .map(
                        part ->
                                part.texts().stream()
                                        .map(text -> new float[] {text.ids()[0]})
                                        .toArray(float[][]::new))
                .toList();
    }

    private Batcher<String> batcher() {
        return new Batcher<>(
                this::answer,
                PASS_TOKENS,
                Duration.ZERO,
                System::nanoTime,
                (adapters, texts, tokens, took) -> {});
    }

    /** Texts of one token each. */
    private CompletableFuture<float[][]> ask(Batcher<String> batcher, String adapter, int... ids) {
        CompletableFuture<float[][]> answer = new CompletableFuture<>();
        List<Tokens> texts =
                IntStream.of(ids).mapToObj(id -> new Tokens(new int[] {id}, false)).toList();
        batcher.ask(new Question<>(adapter, texts, answer, ended::incrementAndGet));
        return answer;
    }

    private CompletableFuture<float[][]> askFirst(Batcher<String> batcher)
            throws InterruptedException {
        CompletableFuture<float[][]> answer = ask(batcher, "first", 1);
        begun.await();
        return answer;
    }

    @Test
    void whatComesDuringAPassSharesTheNextAndEachGetsItsOwnRows() throws InterruptedException {
        try (Batcher<String> batcher = batcher()) {
            CompletableFuture<float[][]> one = askFirst(batcher);
            CompletableFuture<float[][]> two = ask(batcher, "a", 2, 3);
            CompletableFuture<float[][]> three = ask(batcher, "b", 4);
            CompletableFuture<float[][]> four = ask(batcher, "a", 5);
            first.countDown();

            assertThat(one.join()).isDeepEqualTo(new float[][] {{1}});
            assertThat(two.join()).isDeepEqualTo(new float[][] {{2}, {3}});
            assertThat(three.join()).isDeepEqualTo(new float[][] {{4}});
            assertThat(four.join()).isDeepEqualTo(new float[][] {{5}});
            assertThat(passes).containsExactly(List.of("first"), List.of("a", "a", "a", "b"));
        }
        assertThat(ended).hasValue(4);
    }

    @Test
    void aPassIsCompleteWithItsTokensAndTheRestComesNext() throws InterruptedException {
        try (Batcher<String> batcher = batcher()) {
            askFirst(batcher);
            int[] six = {1, 2, 3, 4, 5, 6};
            ask(batcher, "a", six);
            ask(batcher, "b", six);
            CompletableFuture<float[][]> last = ask(batcher, "c", six);
            first.countDown();

            last.join();
            assertThat(passes).extracting(List::size).containsExactly(1, 12, 6);
        }
    }

    @Test
    void ofALongQuestionAPieceGoesIntoAPassAndOthersGoBetween() throws InterruptedException {
        try (Batcher<String> batcher = batcher()) {
            askFirst(batcher);
            CompletableFuture<float[][]> longOne =
                    ask(batcher, "a", IntStream.range(0, 25).toArray());
            CompletableFuture<float[][]> shortOne = ask(batcher, "b", 7);
            first.countDown();

            assertThat(shortOne.join()).isDeepEqualTo(new float[][] {{7}});
            assertThat(longOne.join())
                    .isDeepEqualTo(
                            IntStream.range(0, 25)
                                    .mapToObj(id -> new float[] {id})
                                    .toArray(float[][]::new));
            assertThat(passes).extracting(List::size).containsExactly(1, 10, 11, 5);
            assertThat(passes.get(2)).contains("b");
        }
        assertThat(ended).hasValue(3);
    }

    @Test
    void theRestOfALongQuestionThatNobodyWaitsForIsPassedBy() throws InterruptedException {
        try (Batcher<String> batcher = batcher()) {
            CompletableFuture<float[][]> longOne =
                    ask(batcher, "first", IntStream.range(0, 100).toArray());
            begun.await();
            longOne.cancel(false);
            CompletableFuture<float[][]> other = ask(batcher, "b", 7);
            first.countDown();

            other.join();
            assertThat(passes).extracting(List::size).containsExactly(10, 1);
        }
        assertThat(ended).hasValue(2);
    }

    @Test
    void aQuestionWhoseAnswerIsNotWantedIsPassedByAndEnds() throws InterruptedException {
        try (Batcher<String> batcher = batcher()) {
            askFirst(batcher);
            ask(batcher, "a", 2).cancel(false);
            CompletableFuture<float[][]> wanted = ask(batcher, "b", 3);
            first.countDown();

            wanted.join();
            assertThat(passes).containsExactly(List.of("first"), List.of("b"));
        }
        assertThat(ended).hasValue(3);
    }

    @Test
    void whereAPassFailsEachQuestionIsTriedAlone() throws InterruptedException {
        try (Batcher<String> batcher = batcher()) {
            askFirst(batcher);
            CompletableFuture<float[][]> good = ask(batcher, "a", 2);
            CompletableFuture<float[][]> bad = ask(batcher, BAD, 3);
            CompletableFuture<float[][]> other = ask(batcher, "b", 4);
            first.countDown();

            assertThat(good.join()).isDeepEqualTo(new float[][] {{2}});
            assertThat(other.join()).isDeepEqualTo(new float[][] {{4}});
            assertThat(bad.handle((rows, failure) -> failure).join())
                    .hasMessageContaining("a bad adapter");
        }
        assertThat(ended).hasValue(4);
    }

    @Test
    void theFirstQuestionWaitsForOthersUntilThePassIsComplete() {
        first.countDown();
        try (Batcher<String> patient =
                new Batcher<>(
                        this::answer,
                        3,
                        Duration.ofHours(1),
                        System::nanoTime,
                        (adapters, texts, tokens, took) -> {})) {
            CompletableFuture<float[][]> one = ask(patient, "a", 1);
            CompletableFuture<float[][]> two = ask(patient, "b", 2, 3);

            one.join();
            two.join();
            assertThat(passes).containsExactly(List.of("a", "b", "b"));
        }
    }

    @Test
    void whatWaitsIsAnsweredBeforeItEndsAndNothingIsTakenAfter() {
        first.countDown();
        Batcher<String> batcher = batcher();
        CompletableFuture<float[][]> asked = ask(batcher, "a", 1);

        batcher.close();

        assertThat(asked).isCompleted();
        assertThatIllegalStateException()
                .isThrownBy(() -> ask(batcher, "a", 2))
                .withMessageContaining("no more questions");
        assertThat(ended).hasValue(2);
        assertThat(batcher.isAlive()).isFalse();
    }
}
