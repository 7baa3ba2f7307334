package io.rankstream.job.train;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.version.AdapterFiles;
import io.rankstream.job.batch.AdapterWork;
import io.rankstream.job.batch.AdapterWorkSerializer;
import io.rankstream.job.config.option.DeviceSetting;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.job.config.settings.PublishSettings;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.job.metrics.RegisteredMetrics;
import io.rankstream.job.state.Backend;
import io.rankstream.job.version.AdapterRelease;
import io.rankstream.job.version.VersionFolder;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.SortedMap;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** A training subtask whose outputs, state and metrics can be seen. */
@SuppressWarnings("try") // the harness declares that closing throws any exception
final class TrainHarness extends OneInputStreamOperatorTestHarness<AdapterWork, TrainingReport> {

    /** Key groups. */
    static final int MAX_PARALLELISM = 128;

    /** Adapters with metrics of their own. */
    static final int MEASURED_ADAPTERS = 2;

    private final RegisteredMetrics metrics;

    /** The only subtask. */
    TrainHarness(
            Backend backend,
            ModelSource model,
            int everySteps,
            TrainSettings settings,
            ConfiguredAdapters templates,
            Path folder)
            throws Exception {
        this(backend, model, everySteps, settings, templates, folder, 1, 0);
    }

    /** One of several subtasks. */
    TrainHarness(
            Backend backend,
            ModelSource model,
            int everySteps,
            TrainSettings settings,
            ConfiguredAdapters templates,
            Path folder,
            int parallelism,
            int index)
            throws Exception {
        this(
                new TrainOperatorFactory(
                        new ModelSettings(model, 64, 1, DeviceSetting.parse("cpu"), null),
                        settings,
                        templates,
                        new PublishSettings(folder.resolve("adapters").toString(), everySteps),
                        MEASURED_ADAPTERS),
                backend,
                parallelism,
                index,
                new RegisteredMetrics());
    }

    private TrainHarness(
            TrainOperatorFactory factory,
            Backend backend,
            int parallelism,
            int index,
            RegisteredMetrics metrics)
            throws Exception {
        super(factory, AdapterWorkSerializer.INSTANCE, environment(parallelism, index, metrics));
        this.metrics = metrics;
        getStreamConfig().setStateKeySerializer(Types.STRING.createSerializer(null));
        KeySelector<AdapterWork, String> adapter = AdapterWork::adapterId;
        getStreamConfig().setStatePartitioner(0, adapter);
        getStreamConfig().serializeAllConfigs();
        setStateBackend(backend.create());
    }

    /** What went to a side output so far. */
    <T> List<T> side(OutputTag<T> tag) {
        Queue<StreamRecord<T>> records = getSideOutput(tag);
        return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
    }

    /**
     * Does what the sink would with the releases so far.
     *
     * @param folder as the harness was given it
     */
    void publish(Path folder) throws IOException {
        for (AdapterRelease release : side(TrainOutputs.RELEASES)) {
            AdapterState state = release.state();
            SortedMap<String, byte[]> files = AdapterFiles.of(state, release.template(), 64);
            byte[] manifest = Manifest.of(state, files);
            VersionFolder version =
                    VersionFolder.of(
                            folder.resolve("adapters").toString(),
                            state.meta().adapterId(),
                            state.meta().version());
            version.write(files, manifest);
            version.commit(manifest);
        }
    }

    /** Every adapter in keyed state. */
    SortedMap<String, AdapterState> adapters() throws IOException {
        return new KeyedAdapters(getOperator()).read();
    }

    RegisteredMetrics metrics() {
        return metrics;
    }

    private static MockEnvironment environment(
            int parallelism, int index, RegisteredMetrics metrics) {
        return new MockEnvironmentBuilder()
                .setTaskName("train")
                .setMaxParallelism(MAX_PARALLELISM)
                .setParallelism(parallelism)
                .setSubtaskIndex(index)
                .setMetricGroup(metrics.task())
                .build();
    }
}
