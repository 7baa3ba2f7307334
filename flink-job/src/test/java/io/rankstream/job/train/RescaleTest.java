package io.rankstream.job.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.PoisonedBert;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.job.batch.AdapterWork;
import io.rankstream.job.batch.AdapterWorkSerializer;
import io.rankstream.job.batch.Examples;
import io.rankstream.job.batch.MicroBatch;
import io.rankstream.job.config.AdapterStarts;
import io.rankstream.job.config.AdapterTemplates;
import io.rankstream.job.config.DeviceSetting;
import io.rankstream.job.config.ModelSettings;
import io.rankstream.job.config.PublishSettings;
import io.rankstream.job.config.TrainSettings;
import io.rankstream.job.state.Backend;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.metrics.groups.InternalOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingTaskMetricGroup;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
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
    private static final int MAX_PARALLELISM = 128;
    private static final long ONE_ADAPTER = 1;
    private static final int NEVER = 1_000_000;

    private static ModelSource model;

    @TempDir Path temp;

    private final Backend backend;
    private final List<Subtask> subtasks = new ArrayList<>();

    RescaleTest(Backend backend) {
        this.backend = backend;
    }

    @BeforeAll
    static void writeModel(@TempDir Path directory) throws IOException {
        model = PoisonedBert.writeTo(directory);
    }

    @AfterEach
    void close() throws Exception {
        for (Subtask subtask : subtasks) {
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

    private void start(int parallelism, int before, OperatorSubtaskState from) throws Exception {
        close();
        subtasks.clear();
        for (int index = 0; index < parallelism; index++) {
            Subtask subtask = new Subtask(parallelism, index);
            subtasks.add(subtask);
            if (from != null) {
                subtask.initializeState(
                        AbstractStreamOperatorTestHarness.repartitionOperatorState(
                                from, MAX_PARALLELISM, before, parallelism, index));
            }
            subtask.open();
        }
    }

    /** What a savepoint of all subtasks holds. */
    private OperatorSubtaskState stop() throws Exception {
        List<OperatorSubtaskState> snapshots = new ArrayList<>();
        for (Subtask subtask : subtasks) {
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
                        adapterId, MAX_PARALLELISM, subtasks.size());
        subtasks.get(index)
                .processElement(
                        new MicroBatch(
                                adapterId, List.of(Examples.of(adapterId, 0, 0, token, token))),
                        0);
    }

    /** The adapters of all subtasks, each in one of them. */
    private SortedMap<String, AdapterState> adapters() throws IOException {
        SortedMap<String, AdapterState> all = new TreeMap<>();
        for (Subtask subtask : subtasks) {
            SortedMap<String, AdapterState> own = subtask.adapters();
            assertThat(all).doesNotContainKeys(own.keySet().toArray(new String[0]));
            all.putAll(own);
        }
        return all;
    }

    private List<Integer> keptAdapters() throws IOException {
        List<Integer> counts = new ArrayList<>();
        for (Subtask subtask : subtasks) {
            counts.add(subtask.adapters().size());
        }
        return counts;
    }

    private List<Integer> gauges() {
        return subtasks.stream().map(Subtask::gauge).toList();
    }

    /** A training subtask whose metrics are read as a reporter would. */
    @SuppressWarnings("try") // the harness declares that closing throws any exception
    private final class Subtask
            extends OneInputStreamOperatorTestHarness<AdapterWork, TrainingReport> {

        private final InterceptingOperatorMetricGroup metrics;

        Subtask(int parallelism, int index) throws Exception {
            this(parallelism, index, new InterceptingOperatorMetricGroup());
        }

        private Subtask(int parallelism, int index, InterceptingOperatorMetricGroup metrics)
                throws Exception {
            super(
                    new TrainOperatorFactory(
                            new ModelSettings(model, 64, 1, DeviceSetting.parse("cpu")),
                            new TrainSettings(ONE_ADAPTER, ADAPTERS, AdapterStarts.NONE),
                            new AdapterTemplates(Map.of(), Examples.TEMPLATE),
                            new PublishSettings(temp.resolve("adapters").toString(), NEVER)),
                    AdapterWorkSerializer.INSTANCE,
                    environment(parallelism, index, metrics));
            this.metrics = metrics;
            getStreamConfig().setStateKeySerializer(Types.STRING.createSerializer(null));
            KeySelector<AdapterWork, String> adapter = AdapterWork::adapterId;
            getStreamConfig().setStatePartitioner(0, adapter);
            getStreamConfig().serializeAllConfigs();
            setStateBackend(backend.create());
        }

        SortedMap<String, AdapterState> adapters() throws IOException {
            return new KeyedAdapters(getOperator()).read();
        }

        int gauge() {
            return (Integer) ((Gauge<?>) metrics.get(TrainMetrics.ADAPTERS)).getValue();
        }
    }

    private static MockEnvironment environment(
            int parallelism, int index, InterceptingOperatorMetricGroup metrics) {
        return new MockEnvironmentBuilder()
                .setTaskName("train")
                .setMaxParallelism(MAX_PARALLELISM)
                .setParallelism(parallelism)
                .setSubtaskIndex(index)
                .setMetricGroup(
                        new InterceptingTaskMetricGroup() {
                            @Override
                            public InternalOperatorMetricGroup getOrAddOperator(
                                    OperatorID id, String name, Map<String, String> variables) {
                                return metrics;
                            }
                        })
                .build();
    }
}
