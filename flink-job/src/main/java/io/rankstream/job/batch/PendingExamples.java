package io.rankstream.job.batch;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.state.api.functions.KeyedStateReaderFunction;
import org.apache.flink.util.Collector;

/** Reads from a savepoint how many examples of each adapter wait for their micro-batch to close. */
public final class PendingExamples
        extends KeyedStateReaderFunction<String, Tuple2<String, Integer>> {

    private static final long serialVersionUID = 1L;

    private transient ValueState<PendingBatch> pending;

    @Override
    public void open(OpenContext context) {
        pending = getRuntimeContext().getState(PendingBatch.STATE);
    }

    @Override
    public void readKey(String adapterId, Context context, Collector<Tuple2<String, Integer>> out)
            throws Exception {
        out.collect(Tuple2.of(adapterId, pending.value().examples()));
    }
}
