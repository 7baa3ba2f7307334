package io.rankstream.job.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.config.BatchSettings;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.state.Backend;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(Backend.class)
class MicroBatchFunctionTest {

    private static final Duration NO_LINGER = Duration.ZERO;
    private static final int MANY = 1000;

    private final Backend backend;
    private KeyedOneInputStreamOperatorTestHarness<String, EncodedExample, MicroBatch> harness;
    private int next;

    MicroBatchFunctionTest(Backend backend) {
        this.backend = backend;
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void closesWhenItHoldsMaxExamples() throws Exception {
        open(new BatchSettings(2, MANY, NO_LINGER));

        give("spam", 1, 1, 1);

        assertThat(ids()).containsExactly(List.of("spam-0", "spam-1"));
    }

    @Test
    void closesWhenItHoldsMaxTokens() throws Exception {
        open(new BatchSettings(MANY, 10, NO_LINGER));

        give("spam", 4, 6, 1);

        assertThat(ids()).containsExactly(List.of("spam-0", "spam-1"));
    }

    @Test
    void closesBeforeAnExampleThatWouldTakeItAboveMaxTokens() throws Exception {
        open(new BatchSettings(MANY, 10, NO_LINGER));

        give("spam", 4, 4, 3);

        assertThat(ids()).containsExactly(List.of("spam-0", "spam-1"));
        give("spam", 7);
        assertThat(ids()).containsExactly(List.of("spam-0", "spam-1"), List.of("spam-2", "spam-3"));
    }

    @Test
    void givesAnExampleAboveMaxTokensABatchOfItsOwn() throws Exception {
        open(new BatchSettings(MANY, 10, NO_LINGER));

        give("spam", 4, 11, 4);

        assertThat(ids()).containsExactly(List.of("spam-0"), List.of("spam-1"));
    }

    @Test
    void keepsAdaptersApart() throws Exception {
        open(new BatchSettings(2, MANY, NO_LINGER));

        give("spam", 1);
        give("list", 1);
        give("spam", 1);

        assertThat(harness.extractOutputValues())
                .singleElement()
                .satisfies(batch -> assertThat(batch.adapterId()).isEqualTo("spam"));
    }

    @Test
    void closesWhenTheLingerHasPassedSinceItsFirstExample() throws Exception {
        open(new BatchSettings(MANY, MANY, Duration.ofMillis(100)));
        harness.setProcessingTime(1_000);
        give("spam", 1);
        harness.setProcessingTime(1_060);
        give("spam", 1);

        harness.setProcessingTime(1_099);
        assertThat(ids()).isEmpty();
        harness.setProcessingTime(1_100);

        assertThat(ids()).containsExactly(List.of("spam-0", "spam-1"));
        assertThatNoTimerIsLeft();
    }

    @Test
    void neverLingersWhenTheLingerIsZero() throws Exception {
        open(new BatchSettings(MANY, MANY, NO_LINGER));

        give("spam", 1);

        assertThat(harness.numProcessingTimeTimers()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void deletesItsTimersWhenAnotherLimitClosesIt(int maxExamples) throws Exception {
        open(new BatchSettings(maxExamples, MANY, Duration.ofMillis(100)));

        give("spam", 1, 1, 1);

        assertThatNoTimerIsLeft();
    }

    @Test
    void lingersAnewForTheNextBatch() throws Exception {
        open(new BatchSettings(2, MANY, Duration.ofMillis(100)));
        give("spam", 1, 1);
        harness.setProcessingTime(90);
        give("spam", 1);

        harness.setProcessingTime(189);
        assertThat(ids()).hasSize(1);
        harness.setProcessingTime(190);

        assertThat(ids()).containsExactly(List.of("spam-0", "spam-1"), List.of("spam-2"));
    }

    @Test
    void closesEveryBatchAtTheEndOfTheStream() throws Exception {
        open(new BatchSettings(MANY, MANY, Duration.ofMillis(100)));
        give("spam", 1);
        give("list", 1, 1);

        harness.processWatermark(Long.MAX_VALUE - 1);
        assertThat(ids()).isEmpty();
        harness.processWatermark(Long.MAX_VALUE);

        assertThat(ids()).containsExactlyInAnyOrder(List.of("spam-0"), List.of("list-1", "list-2"));
        assertThatNoTimerIsLeft();
    }

    @Test
    void goesOnWithTheOpenBatchAfterARestore() throws Exception {
        BatchSettings settings = new BatchSettings(3, MANY, Duration.ofMillis(100));
        open(settings);
        give("spam", 5, 5);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();

        restore(settings, snapshot);
        give("spam", 5);

        assertThat(ids()).containsExactly(List.of("spam-0", "spam-1", "spam-2"));
        assertThatNoTimerIsLeft();
    }

    @Test
    void keepsTheDeadlineOfTheOpenBatchAcrossARestore() throws Exception {
        BatchSettings settings = new BatchSettings(MANY, MANY, Duration.ofMillis(100));
        open(settings);
        give("spam", 5, 5);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();

        restore(settings, snapshot);
        harness.setProcessingTime(100);

        assertThat(ids()).containsExactly(List.of("spam-0", "spam-1"));
    }

    private void open(BatchSettings settings) throws Exception {
        harness = harness(settings);
        harness.open();
    }

    private void restore(BatchSettings settings, OperatorSubtaskState snapshot) throws Exception {
        harness = harness(settings);
        harness.initializeState(snapshot);
        harness.open();
    }

    private KeyedOneInputStreamOperatorTestHarness<String, EncodedExample, MicroBatch> harness(
            BatchSettings settings) throws Exception {
        var created =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(new MicroBatchFunction(settings)),
                        EncodedExample::adapterId,
                        Types.STRING);
        created.setStateBackend(backend.create());
        created.setup(MicroBatchSerializer.INSTANCE);
        return created;
    }

    /** Examples of the given numbers of tokens, named in the order of arrival. */
    private void give(String adapterId, int... tokens) throws Exception {
        for (int count : tokens) {
            harness.processElement(Examples.of(adapterId, next++, 0, new int[count]), 0);
        }
    }

    private List<List<String>> ids() {
        return harness.extractOutputValues().stream()
                .map(batch -> batch.examples().stream().map(EncodedExample::id).toList())
                .toList();
    }

    private void assertThatNoTimerIsLeft() {
        assertThat(harness.numProcessingTimeTimers()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }
}
