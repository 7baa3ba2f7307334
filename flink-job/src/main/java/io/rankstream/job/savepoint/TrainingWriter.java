package io.rankstream.job.savepoint;

import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.job.batch.AdapterWork;
import io.rankstream.job.batch.BundledWork;
import io.rankstream.job.train.AdapterStates;
import io.rankstream.job.train.NotedSettings;
import io.rankstream.job.train.SettingsRegister;
import io.rankstream.job.train.WaitingWork;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.state.api.functions.KeyedStateBootstrapFunction;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.types.Either;

/**
 * Writes each adapter, and the work that waits in a bundle, into the train operator's keyed state,
 * under the adapter's key; and notes what the next start must know of each adapter.
 */
final class TrainingWriter
        extends KeyedStateBootstrapFunction<String, Either<AdapterState, AdapterWork>>
        implements CheckpointedFunction {

    private static final long serialVersionUID = 1L;

    private final Map<String, Method> methods;

    private transient SettingsRegister register;
    private transient AdapterStates states;
    private transient WaitingWork waiting;

    /**
     * @param methods how adapters are trained, as far as it is known
     */
    TrainingWriter(Map<String, Method> methods) {
        this.methods = Map.copyOf(methods);
    }

    static String adapterId(Either<AdapterState, AdapterWork> value) {
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
        waiting = new WaitingWork(getRuntimeContext()::getState);
    }

    @Override
    public void processElement(Either<AdapterState, AdapterWork> value, Context context)
            throws Exception {
        if (value.isLeft()) {
            states.write(value.left());
            String adapterId = value.left().meta().adapterId();
            register.put(
                    adapterId,
                    NotedSettings.of(value.left(), Optional.ofNullable(methods.get(adapterId))));
        } else {
            waiting.write((BundledWork) value.right());
        }
    }
}
