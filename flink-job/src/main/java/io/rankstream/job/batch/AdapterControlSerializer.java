package io.rankstream.job.batch;

import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** Keyed state {@code control}: revision, pause, examples held, ids of the newest commands. */
public final class AdapterControlSerializer extends ValueSerializer<AdapterControl> {

    /** The serializer; it has no state. */
    public static final AdapterControlSerializer INSTANCE = new AdapterControlSerializer();

    private static final int FORMAT = 1;

    private AdapterControlSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(AdapterControl value, DataOutputView target) throws IOException {
        target.writeLong(value.revision());
        target.writeBoolean(value.paused());
        target.writeLong(value.heldFrom());
        target.writeLong(value.heldTo());
        target.writeInt(value.newest().size());
        for (String commandId : value.newest()) {
            StringValue.writeString(commandId, target);
        }
    }

    @Override
    protected AdapterControl read(int writtenVersion, DataInputView source) throws IOException {
        long revision = source.readLong();
        boolean paused = source.readBoolean();
        long heldFrom = source.readLong();
        long heldTo = source.readLong();
        int count = source.readInt();
        List<String> newest = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            newest.add(StringValue.readString(source));
        }
        return new AdapterControl(revision, paused, heldFrom, heldTo, newest);
    }

    @Override
    public TypeSerializerSnapshot<AdapterControl> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<AdapterControl> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
