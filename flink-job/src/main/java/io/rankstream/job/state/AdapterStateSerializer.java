package io.rankstream.job.state;

import io.rankstream.adapters.state.AdapterState;
import java.io.IOException;
import java.util.Optional;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A whole adapter on its way between operators: its parts, each in its own format. Format 1 had no
 * mixture, format 2 no watch over changes.
 */
public final class AdapterStateSerializer extends ValueSerializer<AdapterState> {

    /** The serializer; it has no state. */
    public static final AdapterStateSerializer INSTANCE = new AdapterStateSerializer();

    private static final int FORMAT = 3;

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
        target.writeBoolean(value.mixture().isPresent());
        if (value.mixture().isPresent()) {
            MixtureStateSerializer.INSTANCE.serialize(value.mixture().get(), target);
        }
        target.writeBoolean(value.drift().isPresent());
        if (value.drift().isPresent()) {
            DriftStateSerializer.INSTANCE.serialize(value.drift().get(), target);
        }
    }

    @Override
    protected AdapterState read(int writtenVersion, DataInputView source) throws IOException {
        return new AdapterState(
                AdapterMetaSerializer.INSTANCE.deserialize(source),
                TripletStateSerializer.INSTANCE.deserialize(source),
                MomentStateSerializer.INSTANCE.deserialize(source),
                ImportanceStateSerializer.INSTANCE.deserialize(source),
                BudgetStateSerializer.INSTANCE.deserialize(source),
                HeadStateSerializer.INSTANCE.deserialize(source),
                writtenVersion >= 2 && source.readBoolean()
                        ? Optional.of(MixtureStateSerializer.INSTANCE.deserialize(source))
                        : Optional.empty(),
                writtenVersion >= 3 && source.readBoolean()
                        ? Optional.of(DriftStateSerializer.INSTANCE.deserialize(source))
                        : Optional.empty());
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
