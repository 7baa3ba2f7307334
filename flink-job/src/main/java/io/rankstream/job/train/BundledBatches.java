package io.rankstream.job.train;

import io.rankstream.job.batch.MicroBatch;
import io.rankstream.job.batch.MicroBatchSerializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.KeyContext;

/**
 * Keyed state of the micro-batches that wait in the open bundle while a checkpoint is taken, one an
 * adapter. What was written stays until it is removed. Every call may change the current key.
 */
public final class BundledBatches {

    /** State of the adapter's micro-batch. */
    public static final ValueStateDescriptor<MicroBatch> STATE =
            new ValueStateDescriptor<>("bundled", MicroBatchSerializer.INSTANCE);

    private final ValueState<MicroBatch> bundled;
    private final KeyContext keys;

    BundledBatches(KeyedStateStore store, KeyContext keys) {
        this.bundled = store.getState(STATE);
        this.keys = keys;
    }

    /** All that were written and not removed, by adapter id. */
    List<MicroBatch> read(KeyedStateBackend<String> backend) throws Exception {
        List<MicroBatch> batches = new ArrayList<>();
        backend.applyToAllKeys(
                VoidNamespace.INSTANCE,
                VoidNamespaceSerializer.INSTANCE,
                STATE,
                (adapterId, batch) -> batches.add(batch.value()));
        batches.sort(Comparator.comparing(MicroBatch::adapterId));
        return batches;
    }

    void write(List<MicroBatch> batches) throws IOException {
        for (MicroBatch batch : batches) {
            keys.setCurrentKey(batch.adapterId());
            bundled.update(batch);
        }
    }

    void remove(List<MicroBatch> batches) {
        for (MicroBatch batch : batches) {
            keys.setCurrentKey(batch.adapterId());
            bundled.clear();
        }
    }
}
