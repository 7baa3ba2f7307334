package io.rankstream.job.train;

import io.rankstream.job.batch.BundledWork;
import io.rankstream.job.batch.MicroBatch;
import io.rankstream.job.batch.MicroBatchSerializer;
import io.rankstream.job.batch.PredictionRequest;
import io.rankstream.job.batch.PredictionRequestSerializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.KeyContext;

/**
 * Keyed state of the work that waits while a checkpoint is taken: of each adapter a micro-batch in
 * the open bundle, and a request for predictions. What was written stays until it is removed.
 */
public final class WaitingWork {

    private static final ValueStateDescriptor<MicroBatch> BATCH =
            new ValueStateDescriptor<>("bundled", MicroBatchSerializer.INSTANCE);

    /** Savepoints of releases without predictions have none. */
    private static final ValueStateDescriptor<PredictionRequest> REQUEST =
            new ValueStateDescriptor<>("bundled-requests", PredictionRequestSerializer.INSTANCE);

    /** Names of its states. */
    public static final Set<String> NAMES = Set.of(BATCH.getName(), REQUEST.getName());

    private final ValueState<MicroBatch> batch;
    private final ValueState<PredictionRequest> request;

    WaitingWork(KeyedStateStore store) {
        this(store::getState);
    }

    /**
     * The states of an operator or of a savepoint.
     *
     * @param store gives each of them by its descriptor
     */
    public WaitingWork(AdapterStates.Store store) {
        batch = store.getState(BATCH);
        request = store.getState(REQUEST);
    }

    /** What waits of the adapter that is the current key. */
    public List<BundledWork> read() throws IOException {
        return Stream.<BundledWork>of(batch.value(), request.value())
                .filter(Objects::nonNull)
                .toList();
    }

    /** Writes work of the adapter that is the current key. */
    public void write(BundledWork work) throws IOException {
        if (work instanceof MicroBatch waiting) {
            batch.update(waiting);
        } else if (work instanceof PredictionRequest waiting) {
            request.update(waiting);
        }
    }

    /** All that were written and not removed, by adapter id; changes no key. */
    static List<BundledWork> all(KeyedStateBackend<String> backend) throws Exception {
        List<BundledWork> all = new ArrayList<>();
        addAll(BATCH, backend, all);
        addAll(REQUEST, backend, all);
        all.sort(Comparator.comparing(BundledWork::adapterId));
        return all;
    }

    private static <T extends BundledWork> void addAll(
            ValueStateDescriptor<T> state, KeyedStateBackend<String> backend, List<BundledWork> all)
            throws Exception {
        backend.applyToAllKeys(
                VoidNamespace.INSTANCE,
                VoidNamespaceSerializer.INSTANCE,
                state,
                (adapterId, waiting) -> all.add(waiting.value()));
    }

    /** Writes the work, each under its adapter's key. */
    void write(List<? extends BundledWork> works, KeyContext keys) throws IOException {
        for (BundledWork work : works) {
            keys.setCurrentKey(work.adapterId());
            write(work);
        }
    }

    /** Removes the work, each under its adapter's key. */
    void remove(List<? extends BundledWork> works, KeyContext keys) throws IOException {
        for (BundledWork work : works) {
            keys.setCurrentKey(work.adapterId());
            remove(work instanceof MicroBatch ? batch : request);
        }
    }

    /**
     * Most work never sees a checkpoint: what is not there is not deleted, which would be a write.
     */
    private static void remove(ValueState<?> state) throws IOException {
        if (state.value() != null) {
            state.clear();
        }
    }
}
