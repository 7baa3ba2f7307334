package io.rankstream.job.simulation;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.job.batch.AdapterRequest;
import io.rankstream.job.batch.AdapterWork;
import io.rankstream.job.batch.AdapterWorkSerializer;
import io.rankstream.job.batch.MicroBatchFunction;
import io.rankstream.job.config.Defaults;
import io.rankstream.job.config.option.DeviceSetting;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.job.config.settings.PublishSettings;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.simulation.SimulationEvent.CommandArrives;
import io.rankstream.job.simulation.SimulationEvent.Entry;
import io.rankstream.job.simulation.SimulationEvent.ExampleArrives;
import io.rankstream.job.simulation.SimulationEvent.InputArrives;
import io.rankstream.job.simulation.SimulationEvent.StreamEnds;
import io.rankstream.job.simulation.SimulationEvent.TimePasses;
import io.rankstream.job.train.KeyedAdapters;
import io.rankstream.job.train.TrainOperatorFactory;
import io.rankstream.job.train.TrainOutputs;
import io.rankstream.schemas.ControlCommand;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/**
 * The stateful operators as the pipeline chains them, micro-batch and train, in any number of
 * subtasks that share out the key groups.
 */
final class SimulatedJob implements AutoCloseable {

    private final List<Subtask> subtasks = new ArrayList<>();

    /** What a job starts from, of all its subtasks. */
    record State(int parallelism, OperatorSubtaskState batches, OperatorSubtaskState training) {}

    /**
     * What all jobs of a run share.
     *
     * @param model base model
     * @param publishDirectory where versions lie
     */
    record Site(ModelSource model, String publishDirectory) {}

    /**
     * A job that is running.
     *
     * @param now processing time
     * @param from what it starts from; null for nothing
     */
    static SimulatedJob start(
            SimulationSetup setup, Site site, int parallelism, long now, State from)
            throws Exception {
        SimulatedJob job = new SimulatedJob();
        try {
            for (int index = 0; index < parallelism; index++) {
                Subtask subtask = new Subtask(setup, site, parallelism, index);
                job.subtasks.add(subtask);
                subtask.start(now, from, parallelism, index);
            }
        } catch (Exception e) {
            job.close();
            throw e;
        }
        return job;
    }

    int parallelism() {
        return subtasks.size();
    }

    /** Works on one entry of the log. */
    Emission process(Entry entry, long offset, long now) throws Exception {
        Emission emission = Emission.of(offset);
        if (entry instanceof ExampleArrives arrived) {
            EncodedExample example = Inputs.example(arrived, offset);
            of(example.adapterId()).batches.processElement1(example, 0);
        } else if (entry instanceof CommandArrives arrived) {
            ControlCommand command = Inputs.command(arrived);
            of(command.getAdapterId())
                    .batches
                    .processElement2(new AdapterRequest.Command(command), 0);
        } else if (entry instanceof InputArrives arrived) {
            of(arrived.adapterId())
                    .batches
                    .processElement2(
                            new AdapterRequest.Prediction(Inputs.input(arrived, offset)), 0);
        } else if (entry instanceof TimePasses) {
            for (Subtask subtask : subtasks) {
                subtask.setProcessingTime(now);
            }
        } else if (entry instanceof StreamEnds) {
            for (Subtask subtask : subtasks) {
                subtask.batches.processBothWatermarks(Watermark.MAX_WATERMARK);
                subtask.trainWhatWasBatched();
                subtask.training.getOperator().finish();
            }
        }
        for (Subtask subtask : subtasks) {
            subtask.trainWhatWasBatched();
            subtask.emitTo(emission);
        }
        return emission;
    }

    /** Snapshots of every subtask, put together. */
    State snapshot(long checkpointId) throws Exception {
        List<OperatorSubtaskState> batches = new ArrayList<>();
        List<OperatorSubtaskState> training = new ArrayList<>();
        for (Subtask subtask : subtasks) {
            batches.add(subtask.batches.snapshot(checkpointId, checkpointId));
            training.add(subtask.training.snapshot(checkpointId, checkpointId));
        }
        return new State(
                subtasks.size(),
                AbstractStreamOperatorTestHarness.repackageState(
                        batches.toArray(new OperatorSubtaskState[0])),
                AbstractStreamOperatorTestHarness.repackageState(
                        training.toArray(new OperatorSubtaskState[0])));
    }

    /** Every adapter in keyed state, which is up to date right after a snapshot or a start. */
    SortedMap<String, AdapterState> adapters() throws IOException {
        SortedMap<String, AdapterState> all = new TreeMap<>();
        for (Subtask subtask : subtasks) {
            for (AdapterState state : subtask.adapters().read().values()) {
                String adapterId = state.meta().adapterId();
                if (all.put(adapterId, state) != null) {
                    throw new AssertionError("adapter " + adapterId + " lies in two subtasks");
                }
            }
        }
        return all;
    }

    /** Puts another state in the place of every adapter, which no real job would. */
    void rewriteAdapters(UnaryOperator<AdapterState> change) {
        for (Subtask subtask : subtasks) {
            try {
                subtask.adapters().rewrite(change);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Kills every subtask; nothing is written. */
    @Override
    public void close() {
        for (Subtask subtask : subtasks) {
            subtask.close();
        }
    }

    private Subtask of(String adapterId) {
        return subtasks.get(
                KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        adapterId, SimulationSetup.MAX_PARALLELISM, subtasks.size()));
    }

    private static final class Subtask {

        final KeyedTwoInputStreamOperatorTestHarness<
                        String, EncodedExample, AdapterRequest, AdapterWork>
                batches;
        final KeyedOneInputStreamOperatorTestHarness<String, AdapterWork, TrainingReport> training;

        Subtask(SimulationSetup setup, Site site, int parallelism, int index) throws Exception {
            batches =
                    new KeyedTwoInputStreamOperatorTestHarness<>(
                            new KeyedCoProcessOperator<>(
                                    new MicroBatchFunction(
                                            setup.batch(), setup.adapters(), Defaults.CURRENT)),
                            EncodedExample::adapterId,
                            AdapterRequest::adapterId,
                            Types.STRING,
                            SimulationSetup.MAX_PARALLELISM,
                            parallelism,
                            index);
            batches.setStateBackend(setup.backend().create());
            batches.setup(AdapterWorkSerializer.INSTANCE);
            training =
                    new KeyedOneInputStreamOperatorTestHarness<>(
                            new TrainOperatorFactory(
                                    new ModelSettings(
                                            site.model(), 64, 1, DeviceSetting.parse("cpu"), null),
                                    setup.train(),
                                    setup.adapters(),
                                    new PublishSettings(
                                            site.publishDirectory(), setup.publishEverySteps()),
                                    1),
                            AdapterWork::adapterId,
                            Types.STRING,
                            SimulationSetup.MAX_PARALLELISM,
                            parallelism,
                            index);
            training.setStateBackend(setup.backend().create());
        }

        void start(long now, State from, int parallelism, int index) throws Exception {
            setProcessingTime(now);
            if (from != null) {
                batches.initializeState(share(from.batches(), from, parallelism, index));
                training.initializeState(share(from.training(), from, parallelism, index));
            }
            batches.open();
            training.open();
        }

        void setProcessingTime(long now) throws Exception {
            batches.setProcessingTime(now);
            training.setProcessingTime(now);
        }

        private static OperatorSubtaskState share(
                OperatorSubtaskState whole, State from, int parallelism, int index) {
            return AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    whole, SimulationSetup.MAX_PARALLELISM, from.parallelism(), parallelism, index);
        }

        /** The operators are chained: what one emits is the other's next input. */
        void trainWhatWasBatched() throws Exception {
            List<AdapterWork> work = batches.extractOutputValues();
            batches.getOutput().clear();
            for (AdapterWork next : work) {
                training.processElement(next, 0);
            }
        }

        void emitTo(Emission emission) {
            emission.reports().addAll(training.extractOutputValues());
            training.getOutput().clear();
            emission.answers().addAll(take(training, TrainOutputs.ANSWERS));
            emission.predictions().addAll(take(training, TrainOutputs.PREDICTIONS));
            emission.inputs().addAll(take(training, TrainOutputs.PREDICTED_INPUTS));
            emission.releases().addAll(take(training, TrainOutputs.RELEASES));
            emission.letters().addAll(take(training, DeadLetters.TAG));
            emission.letters().addAll(take(batches, DeadLetters.TAG));
        }

        private static <T> List<T> take(
                AbstractStreamOperatorTestHarness<?> harness, OutputTag<T> tag) {
            Queue<StreamRecord<T>> records = harness.getSideOutput(tag);
            if (records == null) {
                return List.of();
            }
            List<T> values = records.stream().map(StreamRecord::getValue).toList();
            records.clear();
            return values;
        }

        void close() {
            try {
                training.close();
                batches.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        KeyedAdapters adapters() {
            return new KeyedAdapters(training.getOperator());
        }
    }
}
