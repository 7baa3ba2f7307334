package io.rankstream.job.train;

import io.rankstream.adapters.model.Tokens;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.tensor.ComputeDevice;
import io.rankstream.adapters.training.AdapterMismatchException;
import io.rankstream.adapters.training.AdapterTemplate;
import io.rankstream.adapters.training.Learner;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.adapters.training.StepOutcome;
import io.rankstream.adapters.training.StepReport;
import io.rankstream.adapters.training.TrainingExample;
import io.rankstream.job.batch.AdapterWork;
import io.rankstream.job.batch.JudgedCommand;
import io.rankstream.job.batch.MicroBatch;
import io.rankstream.job.config.AdapterTemplates;
import io.rankstream.job.config.ModelSettings;
import io.rankstream.job.config.PublishSettings;
import io.rankstream.job.config.TrainSettings;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.source.DeadLetters;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains each adapter on its micro-batches, one optimizer step a batch. An adapter is created from
 * its template, or from a snapshot, with its first batch.
 *
 * <p>An adapter is trained on the device and lives in keyed state; {@link Adapters} sees to both.
 * Changes reach the state at a checkpoint and when an adapter is evicted, each under the adapter's
 * own key. That is why this is an operator and not a keyed function, which could reach the current
 * key's state alone. Nothing is emitted and no timer is registered while a checkpoint is taken.
 *
 * <p>A version is released every {@link PublishSettings#everySteps} steps, and for whatever is
 * unpublished when the stream ends or is drained. Closing frees native memory and writes nothing:
 * what no checkpoint holds is trained again after a restart.
 */
final class TrainOperator extends AbstractStreamOperator<TrainingReport>
        implements OneInputStreamOperator<AdapterWork, TrainingReport> {

    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = LoggerFactory.getLogger(TrainOperator.class);

    private final ModelSettings model;
    private final TrainSettings train;
    private final AdapterTemplates templates;
    private final PublishSettings publish;

    private transient AdapterStates states;
    private transient Adapters adapters;
    private transient CommandExecution commands;
    private transient TrainMetrics stepMetrics;

    TrainOperator(
            StreamOperatorParameters<TrainingReport> parameters,
            ModelSettings model,
            TrainSettings train,
            AdapterTemplates templates,
            PublishSettings publish) {
        super(parameters);
        this.model = model;
        this.train = train;
        this.templates = templates;
        this.publish = publish;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        states = new AdapterStates(context.getKeyedStateStore());
    }

    @Override
    public void open() throws Exception {
        super.open();
        adapters =
                new Adapters(
                        Learner.open(model.source(), model.threads(), device()),
                        train,
                        templates,
                        states,
                        getKeyedStateBackend(),
                        this);
        commands = new CommandExecution(adapters, publish.directory(), this::release);
        stepMetrics = new TrainMetrics(getMetricGroup(), adapters);
    }

    private ComputeDevice device() {
        return TrainingDevice.of(
                model.device(),
                getRuntimeContext().getExternalResourceInfos(TrainingDevice.EXTERNAL_RESOURCE));
    }

    @Override
    public void processElement(StreamRecord<AdapterWork> element) throws Exception {
        AdapterWork work = element.getValue();
        Optional<AdapterTemplate> template = templates.of(work.adapterId());
        if (work instanceof JudgedCommand command) {
            answer(
                    command.isForTrainer()
                            ? commands.carryOut(command, template.orElseThrow())
                            : command);
        } else if (work instanceof MicroBatch batch) {
            if (template.isPresent()) {
                train(batch, template.get());
            } else {
                refuse(
                        batch,
                        DeadLetterReason.UNKNOWN_ADAPTER,
                        "the configuration does not name adapter '" + batch.adapterId() + "'");
            }
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        adapters.flush();
    }

    @Override
    public void finish() throws Exception {
        super.finish();
        for (String adapterId : adapters.unpublished()) {
            setCurrentKey(adapterId);
            Optional<AdapterTemplate> template = templates.of(adapterId);
            if (template.isPresent()) {
                releaseUnlessMismatched(adapterId, template.get());
            } else {
                LOGGER.warn(
                        "Adapter '{}' has steps that were never published, and the configuration no longer names it; it stays in state.",
                        adapterId);
            }
        }
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

    private void train(MicroBatch batch, AdapterTemplate template) throws Exception {
        stepMetrics.lookedUp(adapters.cache().contains(batch.adapterId()));
        ResidentAdapter adapter;
        try {
            adapter = adapters.ready(batch.adapterId(), template);
        } catch (AdapterMismatchException e) {
            refuse(
                    batch,
                    DeadLetterReason.ADAPTER_MISMATCH,
                    adapters.mismatch(batch.adapterId(), e));
            return;
        } catch (AdapterLimitException e) {
            refuse(batch, DeadLetterReason.ADAPTER_LIMIT, e.getMessage());
            return;
        }
        List<EncodedExample> examples = withKnownLabels(batch, template.labels());
        if (examples.isEmpty() || !takeStep(adapter, examples, template)) {
            adapters.discardIfNothingLearned(batch.adapterId());
        }
    }

    /** Whether any of the examples was good for an optimizer step. */
    private boolean takeStep(
            ResidentAdapter adapter, List<EncodedExample> examples, AdapterTemplate template) {
        long start = System.nanoTime();
        StepOutcome outcome =
                adapter.train(
                        examples.stream()
                                .map(example -> trainingExample(example, template.labels()))
                                .toList());
        stepMetrics.trained(outcome, Duration.ofNanos(System.nanoTime() - start));
        emitRefusals(examples, outcome);
        if (outcome.report().isEmpty()) {
            return false;
        }
        adapters.markDirty(adapter.meta().adapterId());
        emitStep(examples, template, outcome, outcome.report().get(), adapter.meta());
        releaseIfDue(adapter, template);
        return true;
    }

    /** The batch without examples whose label went from the configuration while they waited. */
    private List<EncodedExample> withKnownLabels(MicroBatch batch, List<String> labels) {
        List<EncodedExample> known = new ArrayList<>();
        for (EncodedExample example : batch.examples()) {
            if (labels.contains(example.label())) {
                known.add(example);
            } else {
                stepMetrics.refused(1);
                emitDeadLetter(
                        example,
                        DeadLetterReason.UNKNOWN_LABEL,
                        "the configuration no longer has label '%s' of adapter '%s'"
                                .formatted(example.label(), example.adapterId()));
            }
        }
        return known;
    }

    private static TrainingExample trainingExample(EncodedExample example, List<String> labels) {
        Tokens tokens = example.tokens();
        return new TrainingExample(
                tokens.ids(), labels.indexOf(example.label()), tokens.truncated());
    }

    private void emitStep(
            List<EncodedExample> examples,
            AdapterTemplate template,
            StepOutcome outcome,
            StepReport report,
            AdapterMeta meta) {
        for (int i = 0; i < outcome.trained().size(); i++) {
            EncodedExample example = examples.get(outcome.trained().get(i));
            emit(
                    TrainOutputs.PREDICTIONS,
                    StepRecords.prediction(
                            example,
                            outcome.predictions().get(i),
                            template.labels(),
                            report.step()));
        }
        output.collect(new StreamRecord<>(StepRecords.report(meta, report)));
    }

    private void answer(JudgedCommand command) throws IOException {
        output.collect(
                new StreamRecord<>(
                        StepRecords.answer(command, adapters.meta(command.adapterId()))));
    }

    private void emitRefusals(List<EncodedExample> examples, StepOutcome outcome) {
        for (StepOutcome.Refusal refusal : outcome.refusals()) {
            EncodedExample example = examples.get(refusal.index());
            emitDeadLetter(example, DeadLetterReason.NOT_FINITE, refusal.reason());
        }
    }

    /** A batch may outlive its adapter's settings in the configuration, as keyed state does. */
    private void refuse(MicroBatch batch, DeadLetterReason reason, String message) {
        stepMetrics.refused(batch.examples().size());
        for (EncodedExample example : batch.examples()) {
            emitDeadLetter(example, reason, message);
        }
    }

    private void releaseIfDue(ResidentAdapter adapter, AdapterTemplate template) {
        AdapterMeta meta = adapter.meta();
        if (meta.step() - meta.publishedStep() >= publish.everySteps()) {
            release(adapter, template);
        }
    }

    private void releaseUnlessMismatched(String adapterId, AdapterTemplate template)
            throws Exception {
        try {
            release(adapters.ready(adapterId, template), template);
        } catch (AdapterMismatchException e) {
            LOGGER.warn(
                    "Adapter '{}' has steps that were never published; it stays in state: {}",
                    adapterId,
                    e.getMessage());
        }
    }

    private void release(ResidentAdapter adapter, AdapterTemplate template) {
        AdapterState version = adapter.takeVersion();
        adapters.markDirty(version.meta().adapterId());
        emit(TrainOutputs.RELEASES, new AdapterRelease(version, template));
    }

    private void emitDeadLetter(EncodedExample example, DeadLetterReason reason, String message) {
        emit(
                DeadLetters.TAG,
                DeadLetters.of(example.origin(), example.adapterId(), reason, message));
    }

    private <T> void emit(OutputTag<T> tag, T value) {
        output.collect(tag, new StreamRecord<>(value));
    }
}
