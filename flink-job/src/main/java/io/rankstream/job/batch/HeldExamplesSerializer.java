package io.rankstream.job.batch;

import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Operator state {@code paused-adapters}. */
public final class HeldExamplesSerializer extends ValueSerializer<HeldExamples> {

    /** The serializer; it has no state. */
    public static final HeldExamplesSerializer INSTANCE = new HeldExamplesSerializer();

    private static final int FORMAT = 1;

    private HeldExamplesSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(HeldExamples value, DataOutputView target) throws IOException {
        target.writeUTF(value.adapterId());
        target.writeLong(value.examples());
    }

    @Override
    protected HeldExamples read(int writtenVersion, DataInputView source) throws IOException {
        return new HeldExamples(source.readUTF(), source.readLong());
    }

    @Override
    public TypeSerializerSnapshot<HeldExamples> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<HeldExamples> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
