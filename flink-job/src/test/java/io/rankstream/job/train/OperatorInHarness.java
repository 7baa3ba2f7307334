package io.rankstream.job.train;

import static io.rankstream.job.train.MicroBatches.batch;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.PoisonedBert;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.job.batch.AdapterWork;
import io.rankstream.job.batch.Examples;
import io.rankstream.job.batch.MicroBatch;
import io.rankstream.job.config.settings.PredictSettings;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.job.state.Backend;
import io.rankstream.job.version.AdapterRelease;
import io.rankstream.job.version.AdapterReleaseSerializer;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A train operator in a test's harness, what it is given, and what comes out of it. */
abstract class OperatorInHarness {

    static final long ONE_ADAPTER = 1;
    static final long ALL_ADAPTERS = 1L << 30;
    static final int NEVER = 1_000_000;

    static final TrainingTemplate TEMPLATE = Examples.TEMPLATE;
    static final Map<String, TrainingTemplate> NAMED =
            Map.of("a", TEMPLATE, "b", TEMPLATE, "c", TEMPLATE, "spam", TEMPLATE);

    static ModelSource model;

    @TempDir Path temp;

    final Backend backend;
    TrainHarness harness;

    OperatorInHarness(Backend backend) {
        this.backend = backend;
    }

    /** What a run of the operator said. */
    record Heard(List<TrainingReport> reports, List<String> releases) {}

    @BeforeAll
    static void writeModel(@TempDir Path directory) throws IOException {
        model = PoisonedBert.writeTo(directory);
    }

    @AfterEach
    void close() throws Exception {
        if (harness != null) {
            harness.close();
        }
    }

    @SuppressWarnings("try") // the harness declares that closing throws any exception
    Heard runThrough(Backend chosen, List<MicroBatch> stream) throws Exception {
        try (TrainHarness run = harness(chosen, ALL_ADAPTERS, NEVER, NAMED)) {
            run.open();
            for (MicroBatch batch : stream) {
                run.processElement(batch, 0);
            }
            run.getOperator().finish();
            return new Heard(run.extractOutputValues(), bytes(run.side(TrainOutputs.RELEASES)));
        }
    }

    TrainHarness harness(
            Backend chosen,
            long cacheBytes,
            int everySteps,
            Map<String, TrainingTemplate> templates)
            throws Exception {
        return new TrainHarness(
                chosen,
                model,
                everySteps,
                new TrainSettings(
                        cacheBytes,
                        0,
                        0,
                        Duration.ZERO,
                        new PredictSettings(0, Duration.ZERO),
                        false),
                Examples.named(templates),
                temp);
    }

    void open(long cacheBytes, int everySteps) throws Exception {
        harness = harness(backend, cacheBytes, everySteps, NAMED);
        harness.open();
    }

    void restore(long cacheBytes, int everySteps, OperatorSubtaskState snapshot) throws Exception {
        harness = harness(backend, cacheBytes, everySteps, NAMED);
        harness.initializeState(snapshot);
        harness.open();
    }

    void give(List<? extends AdapterWork> works) throws Exception {
        for (AdapterWork work : works) {
            harness.processElement(work, 0);
        }
    }

    /** Micro-batches of three adapters in changing order. */
    static List<MicroBatch> stream(int batches) {
        SplittableRandom random = new SplittableRandom(5);
        List<String> adapters = List.of("a", "b", "c");
        return IntStream.range(0, batches)
                .mapToObj(i -> batch(adapters.get(random.nextInt(3)), i, 3))
                .toList();
    }

    static List<MicroBatch> batches(String adapterId, int count) {
        return IntStream.range(0, count).mapToObj(i -> batch(adapterId, i, 2)).toList();
    }

    /** Step of the adapter as its keyed state knows it; 0 without any. */
    long stepInState(String adapterId) throws Exception {
        TrainOperator operator = (TrainOperator) harness.getOperator();
        operator.setCurrentKey(adapterId);
        AdapterMeta meta = operator.getKeyedStateStore().getState(AdapterStates.META).value();
        return meta == null ? 0 : meta.step();
    }

    <T> List<T> side(OutputTag<T> tag) {
        return harness.side(tag);
    }

    List<String> versions() {
        return side(TrainOutputs.RELEASES).stream()
                .map(release -> release.state().meta())
                .map(meta -> meta.adapterId() + meta.version() + "@" + meta.step())
                .toList();
    }

    /** Every bit of the releases. */
    static List<String> bytes(List<AdapterRelease> releases) throws IOException {
        List<String> bytes = new ArrayList<>();
        for (AdapterRelease release : releases) {
            DataOutputSerializer target = new DataOutputSerializer(1024);
            AdapterReleaseSerializer.INSTANCE.serialize(release, target);
            bytes.add(HexFormat.of().formatHex(target.getCopyOfBuffer()));
        }
        return bytes;
    }
}
