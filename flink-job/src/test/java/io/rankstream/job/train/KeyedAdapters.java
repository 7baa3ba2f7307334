package io.rankstream.job.train;

import io.rankstream.adapters.state.AdapterState;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;

/** The adapters in the keyed state of one training subtask. */
public final class KeyedAdapters {

    private final AbstractStreamOperator<?> operator;
    private final AdapterStates states;

    /**
     * @param operator a training operator that is open
     */
    public KeyedAdapters(AbstractStreamOperator<?> operator) {
        this.operator = operator;
        this.states = new AdapterStates(operator.getKeyedStateStore());
    }

    /** Every adapter as it was last written, by its id. */
    public SortedMap<String, AdapterState> read() throws IOException {
        SortedMap<String, AdapterState> adapters = new TreeMap<>();
        for (String adapterId : ids()) {
            operator.setCurrentKey(adapterId);
            adapters.put(adapterId, states.read().orElseThrow());
        }
        return adapters;
    }

    /** Puts another state in the place of every adapter. */
    public void rewrite(UnaryOperator<AdapterState> change) throws IOException {
        for (AdapterState state : read().values()) {
            operator.setCurrentKey(state.meta().adapterId());
            states.write(change.apply(state));
        }
    }

    private List<String> ids() {
        KeyedStateBackend<String> backend = operator.getKeyedStateBackend();
        return backend.getKeys(AdapterStates.META.getName(), VoidNamespace.INSTANCE).toList();
    }
}
