package io.rankstream.job.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.PoisonedBert;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.job.batch.Examples;
import io.rankstream.job.batch.MicroBatch;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.job.metrics.JobMetric;
import io.rankstream.job.state.Backend;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Backend.class)
class RescaleTest {

    private static final int ADAPTERS = 20;
    private static final long ONE_ADAPTER = 1;
    private static final int NEVER = 1_000_000;

    /** Of no bundle, and of one that never fills. */
    private static final int NONE = 0;

    private static final int PLENTY = 1_000_000;

    private static final Duration LINGER = Duration.ofMillis(20);

    private static ModelSource model;

    @TempDir Path temp;

    private final Backend backend;
    private final List<TrainHarness> subtasks = new ArrayList<>();

    private int bundleTokens = NONE;

    RescaleTest(Backend backend) {
        this.backend = backend;
    }

    @BeforeAll
    static void writeModel(@TempDir Path directory) throws IOException {
        model = PoisonedBert.writeTo(directory);
    }

    @AfterEach
    void close() throws Exception {
        for (TrainHarness subtask : subtasks) {
            subtask.close();
        }
    }

    @Test
    void sharesTheAdaptersOutAndChangesNoBitOfThem() throws Exception {
        start(1, 1, null);
        trainEveryAdapter();
        OperatorSubtaskState ofOne = stop();
        SortedMap<String, AdapterState> trained = adapters();
        assertThat(trained).hasSize(ADAPTERS);

        start(3, 1, ofOne);
        assertThat(adapters()).isEqualTo(trained);
        assertThat(gauges()).isEqualTo(keptAdapters()).hasSize(3).doesNotContain(0);
        OperatorSubtaskState ofThree = stop();

        start(2, 3, ofThree);
        assertThat(adapters()).isEqualTo(trained);
        assertThat(gauges()).isEqualTo(keptAdapters()).hasSize(2).doesNotContain(0);
    }

    @Test
    void trainsOnAsIfNothingHadHappened() throws Exception {
        start(1, 1, null);
        trainEveryAdapter();
        trainEveryAdapter();
        stop();
        SortedMap<String, AdapterState> uninterrupted = adapters();

        start(1, 1, null);
        trainEveryAdapter();
        start(3, 1, stop());
        trainEveryAdapter();
        stop();

        assertThat(adapters()).isEqualTo(uninterrupted);
    }

    @Test
    void countsAdaptersAsTheyAreCreatedAndOnlyIfTheyLearn() throws Exception {
        start(1, 1, null);
        assertThat(gauges()).containsExactly(0);

        train("a", 50);
        train("b", PoisonedBert.POISON);
        train("a", 51);

        assertThat(gauges()).containsExactly(1);
    }

    @Test
    void sharesOutWhatWaitsInABundleAndTrainsEachOnce() throws Exception {
        bundleTokens = PLENTY;
        start(1, 1, null);
        trainEveryAdapter();
        start(3, 1, stop());
        start(2, 3, stop());
        assertThat(trainedSteps()).isZero();
        for (TrainHarness subtask : subtasks) {
            subtask.setProcessingTime(LINGER.toMillis());
        }
        assertThat(trainedSteps()).isEqualTo(ADAPTERS);
        start(1, 2, stop());
        assertThat(adapters()).hasSize(ADAPTERS);
        subtasks.get(0).setProcessingTime(LINGER.toMillis());
        assertThat(trainedSteps()).isZero();
    }

    private int trainedSteps() {
        return subtasks.stream().mapToInt(subtask -> subtask.extractOutputValues().size()).sum();
    }

    private TrainHarness subtask(int parallelism, int index) throws Exception {
        return new TrainHarness(
                backend,
                model,
                NEVER,
                new TrainSettings(ONE_ADAPTER, ADAPTERS, bundleTokens, LINGER),
                Examples.any(Examples.TEMPLATE),
                temp,
                parallelism,
                index);
    }

    private void start(int parallelism, int before, OperatorSubtaskState from) throws Exception {
        close();
        subtasks.clear();
        for (int index = 0; index < parallelism; index++) {
            TrainHarness subtask = subtask(parallelism, index);
            subtasks.add(subtask);
            if (from != null) {
                subtask.initializeState(
                        AbstractStreamOperatorTestHarness.repartitionOperatorState(
                                from, TrainHarness.MAX_PARALLELISM, before, parallelism, index));
            }
            subtask.open();
        }
    }

    /** What a savepoint of all subtasks holds. */
    private OperatorSubtaskState stop() throws Exception {
        List<OperatorSubtaskState> snapshots = new ArrayList<>();
        for (TrainHarness subtask : subtasks) {
            snapshots.add(subtask.snapshot(1, 1));
        }
        return AbstractStreamOperatorTestHarness.repackageState(
                snapshots.toArray(new OperatorSubtaskState[0]));
    }

    private void trainEveryAdapter() throws Exception {
        for (int i = 0; i < ADAPTERS; i++) {
            train("adapter-" + i, 50 + i);
        }
    }

    private void train(String adapterId, int token) throws Exception {
        int index =
                KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        adapterId, TrainHarness.MAX_PARALLELISM, subtasks.size());
        subtasks.get(index)
                .processElement(
                        new MicroBatch(
                                adapterId, List.of(Examples.of(adapterId, 0, 0, token, token))),
                        0);
    }

    /** The adapters of all subtasks, each in one of them. */
    private SortedMap<String, AdapterState> adapters() throws IOException {
        SortedMap<String, AdapterState> all = new TreeMap<>();
        for (TrainHarness subtask : subtasks) {
            SortedMap<String, AdapterState> own = subtask.adapters();
            assertThat(all).doesNotContainKeys(own.keySet().toArray(new String[0]));
            all.putAll(own);
        }
        return all;
    }

    private List<Integer> keptAdapters() throws IOException {
        List<Integer> counts = new ArrayList<>();
        for (TrainHarness subtask : subtasks) {
            counts.add(subtask.adapters().size());
        }
        return counts;
    }

    private List<Integer> gauges() {
        return subtasks.stream()
                .map(subtask -> (int) subtask.metrics().value(JobMetric.ADAPTERS))
                .toList();
    }
}
