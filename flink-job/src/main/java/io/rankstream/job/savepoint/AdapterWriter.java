package io.rankstream.job.savepoint;

import io.rankstream.adapters.state.AdapterState;
import io.rankstream.job.train.AdapterStates;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.state.api.functions.KeyedStateBootstrapFunction;

/** Writes each adapter into the train operator's keyed state, under its own key. */
final class AdapterWriter extends KeyedStateBootstrapFunction<String, AdapterState> {

    private static final long serialVersionUID = 1L;

    private transient AdapterStates states;

    @Override
    public void open(OpenContext context) {
        states = new AdapterStates(getRuntimeContext()::getState);
    }

    @Override
    public void processElement(AdapterState adapter, Context context) throws Exception {
        states.write(adapter);
    }
}
