package io.rankstream.job.state;

import io.rankstream.adapters.state.BudgetState;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Keyed state {@code budget}: budget, target, whether the fleet has set that, number of triplets,
 * one byte for each. Format 1 knew no fleet.
 */
public final class BudgetStateSerializer extends ValueSerializer<BudgetState> {

    /** The serializer; it has no state. */
    public static final BudgetStateSerializer INSTANCE = new BudgetStateSerializer();

    private static final int FORMAT = 2;

    private BudgetStateSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(BudgetState value, DataOutputView target) throws IOException {
        target.writeInt(value.budget());
        target.writeInt(value.target());
        target.writeBoolean(value.isOfFleet());
        target.writeInt(value.live().length);
        for (boolean live : value.live()) {
            target.writeBoolean(live);
        }
    }

    @Override
    protected BudgetState read(int writtenVersion, DataInputView source) throws IOException {
        int budget = source.readInt();
        int target = source.readInt();
        boolean isOfFleet = writtenVersion >= 2 && source.readBoolean();
        boolean[] live = new boolean[source.readInt()];
        for (int i = 0; i < live.length; i++) {
            live[i] = source.readBoolean();
        }
        return new BudgetState(budget, live, target, isOfFleet);
    }

    @Override
    public TypeSerializerSnapshot<BudgetState> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<BudgetState> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
