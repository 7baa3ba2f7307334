package io.rankstream.job.savepoint;

import io.rankstream.adapters.state.AdapterState;
import io.rankstream.job.state.StateReader;
import io.rankstream.job.train.AdapterStates;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;

/** Reads every adapter out of the train operator's keyed state, one at a time. */
final class AdapterReader extends StateReader<AdapterState> {

    private static final long serialVersionUID = 1L;

    private transient AdapterStates states;

    @Override
    public void open(OpenContext context) {
        states = new AdapterStates(getRuntimeContext()::getState);
    }

    @Override
    protected List<AdapterState> read(String adapterId) throws Exception {
        return List.of(states.read().orElseThrow());
    }
}
