package io.rankstream.job.state;

import io.rankstream.adapters.state.ImportanceState;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Keyed state {@code importance}: the length, then both EMAs as checksummed blocks. */
public final class ImportanceStateSerializer extends ValueSerializer<ImportanceState> {

    /** The serializer; it has no state. */
    public static final ImportanceStateSerializer INSTANCE = new ImportanceStateSerializer();

    private static final int FORMAT = 1;

    private ImportanceStateSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(ImportanceState value, DataOutputView target) throws IOException {
        target.writeInt(value.sensitivity().length);
        FloatBlock.write(value.sensitivity(), target);
        FloatBlock.write(value.uncertainty(), target);
    }

    @Override
    protected ImportanceState read(int writtenVersion, DataInputView source) throws IOException {
        int length = source.readInt();
        return new ImportanceState(
                FloatBlock.read("sensitivity", length, source),
                FloatBlock.read("uncertainty", length, source));
    }

    @Override
    public TypeSerializerSnapshot<ImportanceState> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<ImportanceState> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
