package io.rankstream.job.loop;

import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.JoinSettings;
import io.rankstream.job.config.settings.Selections;
import io.rankstream.job.input.PredictedInput;
import io.rankstream.job.loop.vote.Vote;
import io.rankstream.schemas.InputPrediction;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;

/** The loop in Flink: {@link LoopFunction}, and the adapters that a checkpoint had. */
public final class LoopOperator
        extends KeyedCoProcessOperator<String, PredictedInput, Vote, InputPrediction> {

    private static final long serialVersionUID = 1L;

    /**
     * @param adapters adapters that are admitted; {@link ConfiguredAdapters#NONE} admits every one
     * @param measuredAdapters adapters of a subtask that have metrics of their own
     */
    public LoopOperator(
            JoinSettings join,
            Selections selections,
            ConfiguredAdapters adapters,
            int measuredAdapters) {
        super(new LoopFunction(join, selections, adapters, measuredAdapters));
    }

    @Override
    public void open() throws Exception {
        super.open();
        LoopFunction loop = (LoopFunction) getUserFunction();
        KeyedStateBackend<String> backend = getKeyedStateBackend();
        for (String adapterId :
                KeyedLoopState.adapterIds(backend).stream()
                        .limit(loop.measuredAdapters())
                        .toList()) {
            setCurrentKey(adapterId);
            loop.restored(adapterId);
        }
    }
}
