package io.rankstream.job.savepoint;

import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.training.FixedSettings;
import io.rankstream.job.batch.MicroBatch;
import io.rankstream.job.train.AdapterStates;
import io.rankstream.job.train.BundledBatches;
import io.rankstream.job.train.SettingsRegister;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.state.api.functions.KeyedStateBootstrapFunction;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.types.Either;

/**
 * Writes each adapter, and each micro-batch that waits in a bundle, into the train operator's keyed
 * state, under the adapter's key; and notes what each adapter keeps for its life.
 */
final class TrainingWriter
        extends KeyedStateBootstrapFunction<String, Either<AdapterState, MicroBatch>>
        implements CheckpointedFunction {

    private static final long serialVersionUID = 1L;

    private transient SettingsRegister register;
    private transient AdapterStates states;
    private transient ValueState<MicroBatch> bundled;

    static String adapterId(Either<AdapterState, MicroBatch> value) {
        return value.isLeft() ? value.left().meta().adapterId() : value.right().adapterId();
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        register = new SettingsRegister(context.getOperatorStateStore());
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        register.write();
    }

    @Override
    public void open(OpenContext context) {
        states = new AdapterStates(getRuntimeContext()::getState);
        bundled = getRuntimeContext().getState(BundledBatches.STATE);
    }

    @Override
    public void processElement(Either<AdapterState, MicroBatch> value, Context context)
            throws Exception {
        if (value.isLeft()) {
            states.write(value.left());
            register.put(value.left().meta().adapterId(), FixedSettings.of(value.left()));
        } else {
            bundled.update(value.right());
        }
    }
}
