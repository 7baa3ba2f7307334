package io.rankstream.job.savepoint;

import io.rankstream.adapters.state.AdapterState;
import io.rankstream.job.train.AdapterStates;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.state.api.functions.KeyedStateReaderFunction;
import org.apache.flink.util.Collector;

/** Reads every adapter out of the train operator's keyed state, one at a time. */
final class AdapterReader extends KeyedStateReaderFunction<String, AdapterState> {

    private static final long serialVersionUID = 1L;

    private transient AdapterStates states;

    @Override
    public void open(OpenContext context) {
        states = new AdapterStates(getRuntimeContext()::getState);
    }

    @Override
    public void readKey(String adapterId, Context context, Collector<AdapterState> out)
            throws Exception {
        out.collect(states.read().orElseThrow());
    }
}
