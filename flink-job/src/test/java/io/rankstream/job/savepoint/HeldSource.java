package io.rankstream.job.savepoint;

import io.rankstream.job.encode.EncodedExample;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.source.legacy.SourceFunction;
import org.apache.flink.testutils.junit.SharedReference;

/**
 * Emits its examples from its offset on, all between two checkpoints, and stays until it is
 * cancelled, or ends. It tells when a checkpoint with all of them is complete.
 */
@SuppressWarnings(
        "deprecation") // the smallest of Flink's sources that can stay after its last record
final class HeldSource
        implements SourceFunction<EncodedExample>, CheckpointedFunction, CheckpointListener {

    private static final long serialVersionUID = 1L;

    private final SharedReference<List<EncodedExample>> examples;
    private final SharedReference<CountDownLatch> checkpointed;

    private transient ListState<Integer> offsets;
    private transient CountDownLatch cancelled;
    private transient int offset;
    private transient long firstCompleteCheckpoint;

    HeldSource(
            SharedReference<List<EncodedExample>> examples,
            SharedReference<CountDownLatch> checkpointed) {
        this.examples = examples;
        this.checkpointed = checkpointed;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        offsets =
                context.getOperatorStateStore()
                        .getListState(new ListStateDescriptor<>("offset", IntSerializer.INSTANCE));
        offset = offsets.get().iterator().hasNext() ? offsets.get().iterator().next() : 0;
        cancelled = new CountDownLatch(1);
        firstCompleteCheckpoint = Long.MAX_VALUE;
    }

    @Override
    public void run(SourceContext<EncodedExample> out) throws Exception {
        synchronized (out.getCheckpointLock()) {
            List<EncodedExample> all = examples.get();
            all.subList(offset, all.size()).forEach(out::collect);
            offset = all.size();
        }
        cancelled.await();
    }

    @Override
    public void cancel() {
        cancelled.countDown();
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        offsets.update(List.of(offset));
        if (offset == examples.get().size()) {
            firstCompleteCheckpoint = Math.min(firstCompleteCheckpoint, context.getCheckpointId());
        }
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        if (checkpointId >= firstCompleteCheckpoint) {
            checkpointed.get().countDown();
        }
    }
}
