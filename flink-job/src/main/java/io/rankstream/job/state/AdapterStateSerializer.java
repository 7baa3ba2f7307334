package io.rankstream.job.state;

import io.rankstream.adapters.state.AdapterState;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A whole adapter on its way between operators: its six parts, each in its own format. */
public final class AdapterStateSerializer extends ValueSerializer<AdapterState> {

    /** The serializer; it has no state. */
    public static final AdapterStateSerializer INSTANCE = new AdapterStateSerializer();

    private static final int FORMAT = 1;

    private AdapterStateSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(AdapterState value, DataOutputView target) throws IOException {
        AdapterMetaSerializer.INSTANCE.serialize(value.meta(), target);
        TripletStateSerializer.INSTANCE.serialize(value.triplets(), target);
        MomentStateSerializer.INSTANCE.serialize(value.moments(), target);
        ImportanceStateSerializer.INSTANCE.serialize(value.importance(), target);
        BudgetStateSerializer.INSTANCE.serialize(value.budget(), target);
        HeadStateSerializer.INSTANCE.serialize(value.head(), target);
    }

    @Override
    protected AdapterState read(int writtenVersion, DataInputView source) throws IOException {
        return new AdapterState(
                AdapterMetaSerializer.INSTANCE.deserialize(source),
                TripletStateSerializer.INSTANCE.deserialize(source),
                MomentStateSerializer.INSTANCE.deserialize(source),
                ImportanceStateSerializer.INSTANCE.deserialize(source),
                BudgetStateSerializer.INSTANCE.deserialize(source),
                HeadStateSerializer.INSTANCE.deserialize(source));
    }

    @Override
    public TypeSerializerSnapshot<AdapterState> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<AdapterState> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
