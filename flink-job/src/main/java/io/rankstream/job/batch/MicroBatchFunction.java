package io.rankstream.job.batch;

import io.rankstream.job.config.BatchSettings;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.encode.EncodedExampleSerializer;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
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
 * <p>The open batch is keyed state, so that neither a checkpoint nor a rescale moves the limits of
 * a batch. Batches closed by the linger depend on the clock; the others on the stream alone.
 */
public final class MicroBatchFunction
        extends KeyedProcessFunction<String, EncodedExample, MicroBatch> {

    private static final long serialVersionUID = 1L;

    /** Event time that only the final watermark reaches. */
    private static final long END_OF_STREAM = Long.MAX_VALUE;

    private final BatchSettings settings;

    private transient ListState<EncodedExample> examples;
    private transient ValueState<PendingBatch> pending;

    public MicroBatchFunction(BatchSettings settings) {
        this.settings = settings;
    }

    @Override
    public void open(OpenContext context) {
        examples =
                getRuntimeContext()
                        .getListState(
                                new ListStateDescriptor<>(
                                        "examples", EncodedExampleSerializer.INSTANCE));
        pending = getRuntimeContext().getState(PendingBatch.STATE);
    }

    @Override
    public void processElement(EncodedExample example, Context context, Collector<MicroBatch> out)
            throws Exception {
        int tokens = example.tokens().ids().length;
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

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<MicroBatch> out)
            throws Exception {
        close(pending.value(), context, out);
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

    private void close(PendingBatch batch, Context context, Collector<MicroBatch> out)
            throws Exception {
        List<EncodedExample> members = new ArrayList<>();
        examples.get().forEach(members::add);
        out.collect(new MicroBatch(context.getCurrentKey(), members));
        examples.clear();
        pending.clear();
        deleteTimers(batch, context.timerService());
    }

    private static void deleteTimers(PendingBatch batch, TimerService timers) {
        timers.deleteEventTimeTimer(END_OF_STREAM);
        if (batch.hasDeadline()) {
            timers.deleteProcessingTimeTimer(batch.deadline());
        }
    }
}
