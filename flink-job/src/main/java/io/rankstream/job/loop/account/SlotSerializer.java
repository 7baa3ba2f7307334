package io.rankstream.job.loop.account;

import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** A deadline in state: when it is due, and the id of the entry. */
public final class SlotSerializer extends ValueSerializer<Slot> {

    /** The serializer; it has no state. */
    public static final SlotSerializer INSTANCE = new SlotSerializer();

    private static final int FORMAT = 1;

    private SlotSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(Slot value, DataOutputView target) throws IOException {
        target.writeLong(value.dueAt());
        StringValue.writeString(value.exampleId(), target);
    }

    @Override
    protected Slot read(int writtenVersion, DataInputView source) throws IOException {
        return new Slot(source.readLong(), StringValue.readString(source));
    }

    @Override
    public TypeSerializerSnapshot<Slot> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<Slot> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
