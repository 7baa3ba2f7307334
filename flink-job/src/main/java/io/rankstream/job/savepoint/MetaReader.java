package io.rankstream.job.savepoint;

import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.job.state.StateReader;
import io.rankstream.job.train.AdapterStates;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;

/** Reads which adapters there are and how far they are. */
final class MetaReader extends StateReader<AdapterMeta> {

    private static final long serialVersionUID = 1L;

    private transient ValueState<AdapterMeta> meta;

    @Override
    public void open(OpenContext context) {
        meta = getRuntimeContext().getState(AdapterStates.META);
    }

    @Override
    protected List<AdapterMeta> read(String adapterId) throws Exception {
        return List.of(meta.value());
    }
}
