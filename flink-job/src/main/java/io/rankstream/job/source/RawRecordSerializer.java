package io.rankstream.job.source;

import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import io.rankstream.job.state.ValueTypeInfo;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** Serializer of {@link RawRecord}. */
public final class RawRecordSerializer extends ValueSerializer<RawRecord> {

    public static final RawRecordSerializer INSTANCE = new RawRecordSerializer();
    public static final TypeInformation<RawRecord> TYPE =
            new ValueTypeInfo<>(RawRecord.class, INSTANCE);

    private static final int FORMAT = 1;
    private static final int NO_BYTES = -1;

    private RawRecordSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(RawRecord value, DataOutputView target) throws IOException {
        StringValue.writeString(value.topic(), target);
        target.writeInt(value.partition());
        target.writeLong(value.offset());
        writeBytes(value.key(), target);
        writeBytes(value.value(), target);
    }

    @Override
    protected RawRecord read(int writtenVersion, DataInputView source) throws IOException {
        return new RawRecord(
                StringValue.readString(source),
                source.readInt(),
                source.readLong(),
                readBytes(source),
                readBytes(source));
    }

    @Override
    public TypeSerializerSnapshot<RawRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    private static void writeBytes(byte[] bytes, DataOutputView target) throws IOException {
        if (bytes == null) {
            target.writeInt(NO_BYTES);
            return;
        }
        target.writeInt(bytes.length);
        target.write(bytes);
    }

    private static byte[] readBytes(DataInputView source) throws IOException {
        int length = source.readInt();
        if (length == NO_BYTES) {
            return null;
        }
        byte[] bytes = new byte[length];
        source.readFully(bytes);
        return bytes;
    }

    /** Names this serializer in a savepoint. */
    public static final class Snapshot extends ValueSerializerSnapshot<RawRecord> {

        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
