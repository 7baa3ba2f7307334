package io.rankstream.job.savepoint;

import io.rankstream.job.batch.AdapterWork;
import io.rankstream.job.state.StateReader;
import io.rankstream.job.train.WaitingWork;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;

/** Reads the work that waits in a bundle out of the train operator's keyed state. */
final class WaitingWorkReader extends StateReader<AdapterWork> {

    private static final long serialVersionUID = 1L;

    private transient WaitingWork waiting;

    @Override
    public void open(OpenContext context) {
        waiting = new WaitingWork(getRuntimeContext()::getState);
    }

    @Override
    protected List<AdapterWork> read(String adapterId) throws Exception {
        return List.copyOf(waiting.read());
    }
}
