package io.rankstream.job.savepoint;

import io.rankstream.job.batch.MicroBatch;
import io.rankstream.job.state.StateReader;
import io.rankstream.job.train.BundledBatches;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;

/** Reads every micro-batch that waits in a bundle out of the train operator's keyed state. */
final class BundledBatchReader extends StateReader<MicroBatch> {

    private static final long serialVersionUID = 1L;

    private transient ValueState<MicroBatch> bundled;

    @Override
    public void open(OpenContext context) {
        bundled = getRuntimeContext().getState(BundledBatches.STATE);
    }

    @Override
    protected MicroBatch read(String adapterId) throws Exception {
        return bundled.value();
    }
}
