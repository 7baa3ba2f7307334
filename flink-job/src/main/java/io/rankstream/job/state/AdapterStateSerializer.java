package io.rankstream.job.state;

import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.HostState;
import java.io.IOException;
import java.util.Optional;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A whole adapter on its way between operators: its parts, each in its own format. Format 1 had no
 * mixture, format 2 no watch over changes, format 3 no probes and no kept examples.
 */
public final class AdapterStateSerializer extends ValueSerializer<AdapterState> {

    /** The serializer; it has no state. */
    public static final AdapterStateSerializer INSTANCE = new AdapterStateSerializer();

    private static final int FORMAT = 4;

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
        writePart(value.host().mixture(), MixtureStateSerializer.INSTANCE, target);
        writePart(value.host().drift(), DriftStateSerializer.INSTANCE, target);
        writePart(value.host().probes(), ProbeStateSerializer.INSTANCE, target);
        writePart(value.host().replay(), ReplayStateSerializer.INSTANCE, target);
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
                new HostState(
                        part(writtenVersion >= 2, MixtureStateSerializer.INSTANCE, source),
                        part(writtenVersion >= 3, DriftStateSerializer.INSTANCE, source),
                        part(writtenVersion >= 4, ProbeStateSerializer.INSTANCE, source),
                        part(writtenVersion >= 4, ReplayStateSerializer.INSTANCE, source)));
    }

    private static <T> void writePart(
            Optional<T> part, TypeSerializer<T> serializer, DataOutputView target)
            throws IOException {
        target.writeBoolean(part.isPresent());
        if (part.isPresent()) {
            serializer.serialize(part.get(), target);
        }
    }

    private static <T> Optional<T> part(
            boolean wasWritten, TypeSerializer<T> serializer, DataInputView source)
            throws IOException {
        return wasWritten && source.readBoolean()
                ? Optional.of(serializer.deserialize(source))
                : Optional.empty();
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
