package io.rankstream.job.batch;

import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.text.Amount;
import io.rankstream.job.config.Defaults;
import io.rankstream.job.config.settings.BatchSettings;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.encode.EncodedExampleSerializer;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.schemas.ControlCommand;
import io.rankstream.schemas.DeadLetterReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.BooleanSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.TimeDomain;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Gathers the examples of each adapter into micro-batches. A batch closes
 *
 * <ul>
 *   <li>when it holds {@link BatchSettings#maxExamples} examples,
 *   <li>when it holds {@link BatchSettings#maxTokens} tokens, and before an example that would take
 *       it above them: only an example that is larger by itself makes a larger batch, alone,
 *   <li>when {@link BatchSettings#linger} has passed since its first example,
 *   <li>at the end of a bounded or drained stream, with the final watermark.
 * </ul>
 *
 * <p>An example whose label is not known here goes to the trainer at once and alone: most likely it
 * is refused, which is then soon known and takes no place of another.
 *
 * <p>The open batch is keyed state, so that neither a checkpoint nor a rescale moves the limits of
 * a batch. Batches closed by the linger depend on the clock; the others on the stream alone.
 *
 * <p>Inputs to predict come in by the second input and leave at once, those of a paused adapter
 * too.
 *
 * <p>Commands come in there as well, with the adapter as their key. They are judged here, so that
 * one is accepted once, and none before the adapter's first example; the trainer carries out what
 * concerns the adapter itself, after the batches that closed before. A paused adapter's examples,
 * those of the open batch among them, are held up to {@link BatchSettings#maxHeld}. Once it is
 * resumed, they are gathered in their order, a batch at a time, so that checkpoints and other
 * adapters get their turn; examples that arrive meanwhile queue behind them.
 */
public final class MicroBatchFunction
        extends KeyedCoProcessFunction<String, EncodedExample, AdapterRequest, AdapterWork>
        implements CheckpointedFunction {

    private static final long serialVersionUID = 1L;

    /** Event time that only the final watermark reaches. */
    private static final long END_OF_STREAM = Long.MAX_VALUE;

    /**
     * Operator state of a job that was begun under {@link Defaults#CURRENT}; those begun under the
     * first defaults have none. That it is there tells it all.
     */
    private static final ListStateDescriptor<Boolean> CURRENT_DEFAULTS =
            new ListStateDescriptor<>("defaults-2", BooleanSerializer.INSTANCE);

    /**
     * Operator state of a job that has noted every adapter since its beginning. Without it, an
     * adapter may be there that nothing is known of here: in state of an earlier release, and in
     * one that an adapter was imported into.
     */
    public static final ListStateDescriptor<Boolean> KNOWS_ADAPTERS =
            new ListStateDescriptor<>("knows-adapters", BooleanSerializer.INSTANCE);

    private final BatchSettings settings;
    private final ConfiguredAdapters adapters;
    private final Defaults defaults;

    private transient ListState<EncodedExample> examples;
    private transient ValueState<PendingBatch> pending;
    private transient MapState<Long, EncodedExample> held;
    private transient ValueState<AdapterControl> control;
    private transient boolean knowsAdapters;
    private transient PausedAdapters paused;

    /**
     * @param defaults what the job was begun under, which its state remembers
     */
    public MicroBatchFunction(
            BatchSettings settings, ConfiguredAdapters adapters, Defaults defaults) {
        this.settings = settings;
        this.adapters = adapters;
        this.defaults = defaults;
    }

    /**
     * The defaults that a job was begun under.
     *
     * @param operatorStates names of this operator's states that are not keyed
     */
    public static Defaults begunUnder(Set<String> operatorStates) {
        return operatorStates.contains(CURRENT_DEFAULTS.getName())
                ? Defaults.CURRENT
                : Defaults.FIRST;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        if (defaults == Defaults.CURRENT) {
            context.getOperatorStateStore().getListState(CURRENT_DEFAULTS).update(List.of(true));
        }
        ListState<Boolean> marker =
                context.getOperatorStateStore().getUnionListState(KNOWS_ADAPTERS);
        knowsAdapters = !context.isRestored() || marker.get().iterator().hasNext();
        marker.update(knowsAdapters ? List.of(true) : List.of());
        TaskInfo task = getRuntimeContext().getTaskInfo();
        paused =
                new PausedAdapters(
                        context.getOperatorStateStore(),
                        adapterId ->
                                KeyGroupRangeAssignment.assignKeyToParallelOperator(
                                                adapterId,
                                                task.getMaxNumberOfParallelSubtasks(),
                                                task.getNumberOfParallelSubtasks())
                                        == task.getIndexOfThisSubtask());
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        paused.write();
    }

    @Override
    public void open(OpenContext context) {
        examples =
                getRuntimeContext()
                        .getListState(
                                new ListStateDescriptor<>(
                                        "examples", EncodedExampleSerializer.INSTANCE));
        pending = getRuntimeContext().getState(PendingBatch.STATE);
        held =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "held",
                                        LongSerializer.INSTANCE,
                                        EncodedExampleSerializer.INSTANCE));
        control =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "control", AdapterControlSerializer.INSTANCE));
    }

    @Override
    public void processElement1(EncodedExample example, Context context, Collector<AdapterWork> out)
            throws Exception {
        AdapterControl now = control();
        if (now.paused() && now.held() >= settings.maxHeld()) {
            paused.note(example.adapterId(), now);
            refuse(
                    example,
                    "adapter '%s' is paused and holds %s, the limit; resume it and replay this letter, or raise batch.max-held"
                            .formatted(example.adapterId(), Amount.of(now.held(), "example")),
                    context);
        } else if (now.paused() || now.held() > 0) {
            context.timerService().registerEventTimeTimer(END_OF_STREAM);
            held.put(now.heldTo(), example);
            AdapterControl after = now.withHeld(now.heldFrom(), now.heldTo() + 1);
            control.update(after);
            paused.note(example.adapterId(), after);
        } else {
            add(example, context, out);
        }
    }

    @Override
    public void processElement2(AdapterRequest request, Context context, Collector<AdapterWork> out)
            throws Exception {
        if (request instanceof AdapterRequest.Command command) {
            judge(command.command(), context, out);
        } else if (request instanceof AdapterRequest.Prediction prediction) {
            out.collect(new PredictionRequest(prediction.adapterId(), List.of(prediction.input())));
        }
    }

    private void judge(ControlCommand command, Context context, Collector<AdapterWork> out)
            throws Exception {
        AdapterControl now = control();
        JudgedCommand judged =
                new CommandJudge(adapters)
                        .judge(
                                command,
                                now,
                                !knowsAdapters || isKnown(),
                                !knowsAdapters || now.handedOn());
        if (judged instanceof JudgedCommand.Accepted accepted) {
            AdapterControl after =
                    CommandJudge.isOfUser(command) ? now.after(command.getCommandId()) : now;
            control.update(after);
            judged = carryOut(accepted, after, context.timerService());
            paused.note(context.getCurrentKey(), control());
        }
        out.collect(judged);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<AdapterWork> out)
            throws Exception {
        if (context.timeDomain() == TimeDomain.EVENT_TIME) {
            endStream(context, out);
            return;
        }
        PendingBatch open = pending.value();
        if (open != null && timestamp >= open.deadline()) {
            close(open, context, out);
        }
        if (!control().paused()) {
            gatherHeld(context, out);
        }
    }

    private void add(EncodedExample example, Context context, Collector<AdapterWork> out)
            throws Exception {
        if (!isListed(example)) {
            out.collect(new MicroBatch(context.getCurrentKey(), List.of(example)));
            return;
        }
        if (!isKnown()) {
            control.update(AdapterControl.NONE);
        }
        int tokens = example.tokens().count();
        PendingBatch batch = pending.value();
        if (batch != null && batch.tokens() + tokens > settings.maxTokens()) {
            close(batch, context, out);
            batch = null;
        }
        PendingBatch grown = (batch == null ? begin(context.timerService()) : batch).plus(tokens);
        examples.add(example);
        if (isFull(grown)) {
            close(grown, context, out);
        } else {
            pending.update(grown);
        }
    }

    /**
     * Whether its target is one that its adapter can learn: a label of the configuration or added
     * by a command, or what a task without labels learns.
     */
    private boolean isListed(EncodedExample example) throws Exception {
        Optional<TrainingTemplate> template = adapters.template(example.adapterId());
        return template.isEmpty()
                || fits(example, template.get(), template.get().labels())
                || fits(example, template.get(), control().addedLabels());
    }

    private static boolean fits(
            EncodedExample example, TrainingTemplate template, List<String> labels) {
        return template.head()
                .task()
                .fit(example.target(), example.adapterId(), LabelSet.of(labels))
                .refusal()
                .isEmpty();
    }

    private boolean isFull(PendingBatch batch) {
        return batch.examples() >= settings.maxExamples() || batch.tokens() >= settings.maxTokens();
    }

    private PendingBatch begin(TimerService timers) {
        timers.registerEventTimeTimer(END_OF_STREAM);
        if (settings.linger().isZero()) {
            return new PendingBatch(0, 0, PendingBatch.NO_DEADLINE);
        }
        long deadline = timers.currentProcessingTime() + settings.linger().toMillis();
        timers.registerProcessingTimeTimer(deadline);
        return new PendingBatch(0, 0, deadline);
    }

    private void close(PendingBatch batch, Context context, Collector<AdapterWork> out)
            throws Exception {
        List<EncodedExample> members = takeOpen(batch, context.timerService());
        AdapterControl now = control();
        if (!now.handedOn()) {
            control.update(now.withHandedOn());
        }
        out.collect(new MicroBatch(context.getCurrentKey(), members));
    }

    /** The examples of the open batch, which is no more. */
    private List<EncodedExample> takeOpen(PendingBatch batch, TimerService timers)
            throws Exception {
        List<EncodedExample> members = new ArrayList<>();
        examples.get().forEach(members::add);
        examples.clear();
        pending.clear();
        if (batch.hasDeadline()) {
            timers.deleteProcessingTimeTimer(batch.deadline());
        }
        if (control().held() == 0) {
            timers.deleteEventTimeTimer(END_OF_STREAM);
        }
        return members;
    }

    /** Whether the adapter was given an example that it may learn from. */
    private boolean isKnown() throws Exception {
        return control.value() != null;
    }

    private AdapterControl control() throws Exception {
        AdapterControl known = control.value();
        return known == null ? AdapterControl.NONE : known;
    }

    private JudgedCommand carryOut(
            JudgedCommand.Accepted accepted, AdapterControl now, TimerService timers)
            throws Exception {
        return switch (accepted.command().getAction()) {
            case PAUSE -> {
                pause(now, timers);
                yield accepted.done(
                        "paused; up to %s held until it is resumed"
                                .formatted(
                                        Amount.of(
                                                settings.maxHeld(), "example is", "examples are")));
            }
            case RESUME -> {
                resume(now, timers);
                yield accepted.done(
                        "resumed; it learns from %s that waited"
                                .formatted(Amount.of(now.held(), "example")));
            }
            case ADD_LABEL -> {
                control.update(now.withAdded(accepted.command().getLabels()));
                yield accepted;
            }
            default -> accepted;
        };
    }

    /** What the open batch has came before anything that is held already. */
    private void pause(AdapterControl now, TimerService timers) throws Exception {
        control.update(now.withPaused(true));
        PendingBatch open = pending.value();
        if (open != null) {
            List<EncodedExample> members = takeOpen(open, timers);
            long first = now.heldFrom() - members.size();
            for (int i = 0; i < members.size(); i++) {
                held.put(first + i, members.get(i));
            }
            control.update(now.withPaused(true).withHeld(first, now.heldTo()));
            timers.registerEventTimeTimer(END_OF_STREAM);
        }
    }

    private void resume(AdapterControl now, TimerService timers) throws Exception {
        control.update(now.withPaused(false));
        gatherSoon(now, timers);
    }

    /** Adds the examples that are held until a batch has closed, and goes on soon. */
    private void gatherHeld(Context context, Collector<AdapterWork> out) throws Exception {
        boolean closed = false;
        while (!closed && control().held() > 0) {
            add(takeHeld(), context, out);
            closed = pending.value() == null;
        }
        gatherSoon(control(), context.timerService());
    }

    private static void gatherSoon(AdapterControl now, TimerService timers) {
        if (now.held() > 0) {
            timers.registerProcessingTimeTimer(timers.currentProcessingTime());
        }
    }

    private EncodedExample takeHeld() throws Exception {
        AdapterControl now = control();
        EncodedExample first = held.get(now.heldFrom());
        held.remove(now.heldFrom());
        control.update(now.withHeld(now.heldFrom() + 1, now.heldTo()));
        return first;
    }

    /** Nobody resumes an adapter any more: what it holds becomes dead letters. */
    private void endStream(Context context, Collector<AdapterWork> out) throws Exception {
        boolean isPaused = control().paused();
        while (control().held() > 0) {
            EncodedExample example = takeHeld();
            if (isPaused) {
                refuse(
                        example,
                        "the stream ended while adapter '%s' was paused; resume it and replay this letter"
                                .formatted(example.adapterId()),
                        context);
            } else {
                add(example, context, out);
            }
        }
        paused.note(context.getCurrentKey(), control());
        PendingBatch open = pending.value();
        if (open != null) {
            close(open, context, out);
        }
    }

    private static void refuse(EncodedExample example, String message, Context context) {
        context.output(
                DeadLetters.TAG,
                DeadLetters.of(
                        example.origin(),
                        example.adapterId(),
                        DeadLetterReason.ADAPTER_PAUSED,
                        message));
    }
}
