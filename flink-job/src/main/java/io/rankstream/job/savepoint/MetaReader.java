package io.rankstream.job.savepoint;

import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.job.train.AdapterStates;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.state.api.functions.KeyedStateReaderFunction;
import org.apache.flink.util.Collector;

/** Reads which adapters there are and how far they are. */
final class MetaReader extends KeyedStateReaderFunction<String, AdapterMeta> {

    private static final long serialVersionUID = 1L;

    private transient ValueState<AdapterMeta> meta;

    @Override
    public void open(OpenContext context) {
        meta = getRuntimeContext().getState(AdapterStates.META);
    }

    @Override
    public void readKey(String adapterId, Context context, Collector<AdapterMeta> out)
            throws Exception {
        out.collect(meta.value());
    }
}
