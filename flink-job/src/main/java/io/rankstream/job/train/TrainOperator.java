package io.rankstream.job.train;

import io.rankstream.adapters.engine.ComputeDevice;
import io.rankstream.adapters.engine.TensorEngine;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.adapters.training.Learner;
import io.rankstream.job.Later;
import io.rankstream.job.batch.AdapterWork;
import io.rankstream.job.batch.BundledWork;
import io.rankstream.job.batch.JudgedCommand;
import io.rankstream.job.batch.MicroBatch;
import io.rankstream.job.batch.PredictionRequest;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.job.config.settings.PublishSettings;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.job.metrics.MeasuredDisk;
import io.rankstream.job.train.measure.MeasuredAdapters;
import io.rankstream.job.train.measure.MeasuredState;
import io.rankstream.job.version.PublishedVersions;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains each adapter on its micro-batches, one optimizer step a batch, says what it makes of
 * texts, and carries commands to it out, all in the order of their arrival. An adapter is created
 * from its template, or from a snapshot, with its first batch.
 *
 * <p>An adapter is trained on the device and lives in keyed state; {@link Adapters} sees to both.
 * Changes reach the state at a checkpoint and when an adapter is evicted, each under the adapter's
 * own key. That is why this is an operator and not a keyed function, which could reach the current
 * key's state alone. Nothing is emitted and no timer is registered while a checkpoint is taken.
 *
 * <p>Micro-batches and texts of different adapters wait for one another in an {@link OpenBundle},
 * which goes through the base model
 *
 * <ul>
 *   <li>when it is full,
 *   <li>when its first work has waited for {@link TrainSettings#bundleLinger},
 *   <li>before anything else is done for an adapter that has work in it, so that the order of each
 *       adapter is kept,
 *   <li>at the end of a bounded or drained stream.
 * </ul>
 *
 * A checkpoint does not close it: what waits is written to keyed state, and taken up again after a
 * restore.
 *
 * <p>A version is released when it {@link PublishSettings#isDue is due}, and for whatever is
 * unpublished when the stream ends or is drained. Closing frees native memory and writes nothing:
 * what no checkpoint holds is trained again after a restart.
 */
final class TrainOperator extends AbstractStreamOperator<TrainingReport>
        implements OneInputStreamOperator<AdapterWork, TrainingReport> {

    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = LoggerFactory.getLogger(TrainOperator.class);

    private final ModelSettings model;
    private final TrainSettings train;
    private final ConfiguredAdapters configured;
    private final PublishSettings publish;
    private final int measuredAdapters;

    private transient OptionalLong restoredFrom;
    private transient AdapterStates states;
    private transient WaitingWork waiting;
    private transient SettingsRegister register;
    private transient TrainingOutput results;
    private transient Adapters adapters;
    private transient MeasuredAdapters measured;
    private transient Releases releases;
    private transient FleetReport fleet;
    private transient CommandExecution commands;
    private transient BundleTrainer trainer;
    private transient BundlePredictor predictor;
    private transient OpenBundle bundle;

    /** Ends the wait of the open bundle, unless it is empty. */
    private transient ScheduledFuture<?> linger;

    TrainOperator(
            StreamOperatorParameters<TrainingReport> parameters,
            ModelSettings model,
            TrainSettings train,
            ConfiguredAdapters configured,
            PublishSettings publish,
            int measuredAdapters) {
        super(parameters);
        this.model = model;
        this.train = train;
        this.configured = configured;
        this.publish = publish;
        this.measuredAdapters = measuredAdapters;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        states = new AdapterStates(context.getKeyedStateStore());
        waiting = new WaitingWork(context.getKeyedStateStore());
        restoredFrom = context.getRestoredCheckpointId();
        register = new SettingsRegister(context.getOperatorStateStore());
    }

    @Override
    public void open() throws Exception {
        super.open();
        TensorEngine.choose(model.engineDirectory());
        results = new TrainingOutput(output);
        PublishedVersions published = new PublishedVersions(publish.directory());
        measured =
                new MeasuredAdapters(
                        getMetricGroup(),
                        measuredAdapters,
                        published,
                        getProcessingTimeService()::getCurrentProcessingTime);
        adapters =
                new Adapters(
                        Learner.open(model.source(), model.threads(), device()),
                        train,
                        configured,
                        published,
                        states,
                        getKeyedStateBackend(),
                        this,
                        register);
        adapters.restore(measured);
        if (restoredFrom.isPresent()) {
            LOGGER.info(
                    "Restored {} adapters from checkpoint {}.",
                    adapters.count(),
                    restoredFrom.getAsLong());
        }
        releases = new Releases(adapters, configured, publish, this, results);
        fleet = new FleetReport(train.sharesBudget(), results::emit);
        commands =
                new CommandExecution(
                        adapters, publish, train.sharesBudget(), releases::release, results::emit);
        DriftAlarms alarms = new DriftAlarms(results, measured, Later.system());
        trainer =
                new BundleTrainer(
                        adapters,
                        configured,
                        train.bundleTokens(),
                        releases,
                        this,
                        results,
                        alarms,
                        fleet,
                        new TrainMetrics(getMetricGroup(), adapters),
                        measured,
                        TextEncoder.unknownToken(model.source()));
        predictor =
                new BundlePredictor(
                        adapters, configured, train.bundleTokens(), this, results, alarms);
        measureDisks();
        bundle = new OpenBundle(train.bundleTokens());
        for (BundledWork work : WaitingWork.all(getKeyedStateBackend())) {
            addToBundle(work);
        }
    }

    private void measureDisks() {
        MeasuredDisk.register(getMetricGroup(), "publish", publish.directory());
        MeasuredDisk.register(
                getMetricGroup(),
                "temporary",
                getContainingTask()
                        .getEnvironment()
                        .getTaskManagerInfo()
                        .getTmpWorkingDirectory()
                        .getPath());
        getContainingTask()
                .getEnvironment()
                .getJobConfiguration()
                .getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY)
                .ifPresent(
                        folder -> MeasuredDisk.register(getMetricGroup(), "checkpoints", folder));
    }

    private ComputeDevice device() {
        return TrainingDevice.of(
                model.device(),
                getRuntimeContext().getExternalResourceInfos(TrainingDevice.EXTERNAL_RESOURCE));
    }

    @Override
    public void processElement(StreamRecord<AdapterWork> element) throws Exception {
        AdapterWork work = element.getValue();
        if (bundle.has(work.adapterId())) {
            runBundle();
            setCurrentKey(work.adapterId());
        }
        if (work instanceof JudgedCommand.Accepted command) {
            answer(carryOut(command));
        } else if (work instanceof JudgedCommand.Answered command) {
            fleet.refused(command);
            answer(command);
        } else if (work instanceof BundledWork bundled) {
            take(bundled);
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        adapters.flush();
        register.write();
        waiting.write(bundle.works(), this);
    }

    @Override
    public void finish() throws Exception {
        super.finish();
        runBundle();
        releases.releaseUnpublished();
    }

    @Override
    public void close() throws Exception {
        try {
            if (adapters != null) {
                adapters.close();
            }
        } finally {
            super.close();
        }
    }

    private void take(BundledWork work) throws Exception {
        if (bundle.isFilledBy(work)) {
            run(List.of(work));
            return;
        }
        addToBundle(work);
        if (bundle.isFull()) {
            runBundle();
        }
    }

    private void addToBundle(BundledWork work) {
        if (bundle.isEmpty()) {
            ProcessingTimeService time = getProcessingTimeService();
            linger =
                    time.registerTimer(
                            time.getCurrentProcessingTime() + train.bundleLinger().toMillis(),
                            now -> runBundle());
        }
        bundle.add(work);
    }

    private void runBundle() throws Exception {
        if (!bundle.isEmpty()) {
            linger.cancel(false);
            List<BundledWork> works = bundle.takeAll();
            waiting.remove(works, this);
            run(works);
        }
    }

    private void run(List<BundledWork> works) throws Exception {
        trainer.train(those(works, MicroBatch.class));
        predictor.predict(those(works, PredictionRequest.class));
    }

    private static <T extends BundledWork> List<T> those(List<BundledWork> works, Class<T> type) {
        return works.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private JudgedCommand.Answered carryOut(JudgedCommand.Accepted command) throws Exception {
        String adapterId = command.adapterId();
        TrainingTemplate template = configured.template(adapterId).orElseThrow();
        JudgedCommand.Answered answered = commands.carryOut(command, template);
        adapters.resident(adapterId)
                .ifPresentOrElse(
                        adapter -> {
                            measured.changed(MeasuredState.of(adapter));
                            fleet.commanded(command, adapter, template);
                        },
                        () -> fleet.refused(command));
        return answered;
    }

    private void answer(JudgedCommand.Answered command) throws IOException {
        LOGGER.info(
                "Command {} to adapter '{}', {}: {}, {}",
                Excerpt.of(command.command().getCommandId()),
                command.adapterId(),
                command.command().getAction(),
                command.outcome(),
                command.message());
        String adapterId = command.adapterId();
        results.emit(
                StepRecords.answer(command, adapters.meta(adapterId), adapters.labels(adapterId)));
    }
}
