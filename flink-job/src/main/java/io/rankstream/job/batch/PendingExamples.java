package io.rankstream.job.batch;

import io.rankstream.job.state.StateReader;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.java.tuple.Tuple2;

/** Reads from a savepoint how many examples of each adapter wait for their micro-batch to close. */
public final class PendingExamples extends StateReader<Tuple2<String, Integer>> {

    private static final long serialVersionUID = 1L;

    private transient ValueState<PendingBatch> pending;

    @Override
    public void open(OpenContext context) {
        pending = getRuntimeContext().getState(PendingBatch.STATE);
    }

    @Override
    protected List<Tuple2<String, Integer>> read(String adapterId) throws Exception {
        return List.of(Tuple2.of(adapterId, pending.value().examples()));
    }
}
