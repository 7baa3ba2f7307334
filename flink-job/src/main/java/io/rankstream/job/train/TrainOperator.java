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
import java.time.Duration;
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
import org.apache.flink.util.function.ThrowingRunnable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains each adapter on its micro-batches, one optimizer step a batch, says what it makes of
 * inputs, and carries commands to it out. An adapter is created from its template, or from a
 * snapshot, with its first batch.
 *
 * <p>An adapter is trained on the device and lives in keyed state; {@link Adapters} sees to both.
 * Changes reach the state at a checkpoint and when an adapter is evicted, each under the adapter's
 * own key. That is why this is an operator and not a keyed function, which could reach the current
 * key's state alone. Nothing is emitted and no timer is registered while a checkpoint is taken.
 *
 * <p>Micro-batches of different adapters wait for one another in an {@link OpenBundle}, which goes
 * through the base model
 *
 * <ul>
 *   <li>when it is full,
 *   <li>when its first work has waited for {@link TrainSettings#bundleLinger},
 *   <li>before anything else is done for an adapter that has work in it, so that the order of each
 *       adapter is kept,
 *   <li>at the end of a bounded or drained stream.
 * </ul>
 *
 * <p>Inputs wait for one another in {@link OpenRequests} by the same rules, with limits of their
 * own; and they go before any micro-batch does, so that none waits for a step that begins after it
 * came. An input that comes after a micro-batch of its adapter, which waits in the bundle, may thus
 * be predicted from the adapter as it is without it. Commands keep their place among both.
 *
 * <p>A checkpoint closes neither: what waits is written to keyed state, and taken up again after a
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

    private transient OpenRequests requests;

    /** Ends the wait of the open bundle, unless it is empty. */
    private transient ScheduledFuture<?> linger;

    /** Ends the wait of the open requests; null where none wait. */
    private transient ScheduledFuture<?> requestsLinger;

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
                        adapters,
                        configured,
                        train.predict().bundleTokens(),
                        this,
                        results,
                        alarms,
                        new PredictionMetrics(getMetricGroup()),
                        getProcessingTimeService()::getCurrentProcessingTime);
        measureDisks();
        bundle = new OpenBundle(train.bundleTokens());
        requests = new OpenRequests(train.predict().bundleTokens());
        for (BundledWork work : WaitingWork.all(getKeyedStateBackend())) {
            if (work instanceof MicroBatch batch) {
                addToBundle(batch);
            } else if (work instanceof PredictionRequest request) {
                requests.add(request, System.nanoTime());
                letRequestsLinger();
            }
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
        if (work instanceof PredictionRequest request) {
            take(request);
            return;
        }
        if (bundle.has(work.adapterId())) {
            runBundle();
        }
        if (work instanceof MicroBatch batch) {
            take(batch);
        } else if (work instanceof JudgedCommand command) {
            if (requests.has(work.adapterId())) {
                runRequests();
            }
            setCurrentKey(work.adapterId());
            obey(command);
        }
    }

    private void obey(JudgedCommand work) throws Exception {
        if (work instanceof JudgedCommand.Accepted command) {
            answer(carryOut(command));
        } else if (work instanceof JudgedCommand.Answered command) {
            fleet.refused(command);
            answer(command);
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        adapters.flush();
        register.write();
        waiting.write(bundle.batches(), this);
        waiting.write(requestsOf(requests.waiting()), this);
    }

    @Override
    public void finish() throws Exception {
        super.finish();
        runRequests();
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

    private void take(MicroBatch batch) throws Exception {
        if (bundle.isFilledBy(batch)) {
            run(List.of(batch));
            return;
        }
        addToBundle(batch);
        if (bundle.isFull()) {
            runBundle();
        }
    }

    private void addToBundle(MicroBatch batch) {
        if (bundle.isEmpty()) {
            linger = after(train.bundleLinger(), this::runBundle);
        }
        bundle.add(batch);
    }

    private void take(PredictionRequest request) throws Exception {
        requests.add(request, System.nanoTime());
        if (requests.isFull()) {
            runRequests();
        } else {
            letRequestsLinger();
        }
    }

    private void letRequestsLinger() {
        if (requestsLinger == null) {
            requestsLinger = after(train.predict().linger(), this::runRequests);
        }
    }

    private ScheduledFuture<?> after(Duration wait, ThrowingRunnable<Exception> what) {
        ProcessingTimeService time = getProcessingTimeService();
        return time.registerTimer(
                time.getCurrentProcessingTime() + wait.toMillis(), now -> what.run());
    }

    private void runBundle() throws Exception {
        if (!bundle.isEmpty()) {
            linger.cancel(false);
            List<MicroBatch> batches = bundle.takeAll();
            waiting.remove(batches, this);
            run(batches);
        }
    }

    /** Whoever waits for a prediction does not wait for a step that begins after it came. */
    private void run(List<MicroBatch> batches) throws Exception {
        runRequests();
        trainer.train(batches);
    }

    private void runRequests() throws Exception {
        if (!requests.isEmpty()) {
            endLinger();
            List<OpenRequests.Waiting> asked = requests.takeAll();
            waiting.remove(requestsOf(asked), this);
            predictor.predict(asked);
        }
    }

    private void endLinger() {
        if (requestsLinger != null) {
            requestsLinger.cancel(false);
            requestsLinger = null;
        }
    }

    private static List<PredictionRequest> requestsOf(List<OpenRequests.Waiting> waiting) {
        return waiting.stream().map(OpenRequests.Waiting::request).toList();
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
