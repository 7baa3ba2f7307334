package io.rankstream.job.batch;

import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Keyed state {@code pending}: the open micro-batch's size and deadline. */
public final class PendingBatchSerializer extends ValueSerializer<PendingBatch> {

    /** The serializer; it has no state. */
    public static final PendingBatchSerializer INSTANCE = new PendingBatchSerializer();

    private static final int FORMAT = 1;

    private PendingBatchSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(PendingBatch value, DataOutputView target) throws IOException {
        target.writeInt(value.examples());
        target.writeLong(value.tokens());
        target.writeLong(value.deadline());
    }

    @Override
    protected PendingBatch read(int writtenVersion, DataInputView source) throws IOException {
        return new PendingBatch(source.readInt(), source.readLong(), source.readLong());
    }

    @Override
    public TypeSerializerSnapshot<PendingBatch> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<PendingBatch> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
