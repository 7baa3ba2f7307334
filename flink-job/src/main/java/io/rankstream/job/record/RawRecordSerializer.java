package io.rankstream.job.record;

import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import io.rankstream.job.state.ValueTypeInfo;
import io.rankstream.schemas.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;
import org.apache.kafka.common.record.TimestampType;

/** Serializer of {@link RawRecord}. */
public final class RawRecordSerializer extends ValueSerializer<RawRecord> {

    public static final RawRecordSerializer INSTANCE = new RawRecordSerializer();
    public static final TypeInformation<RawRecord> TYPE =
            new ValueTypeInfo<>(RawRecord.class, INSTANCE);

    private static final int FORMAT = 3;
    private static final int WITHOUT_HEADERS = 1;
    private static final int ALWAYS_WHOLE = 2;
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
        target.writeInt(value.headers().size());
        for (RawHeader header : value.headers()) {
            StringValue.writeString(header.key(), target);
            writeBytes(header.value(), target);
        }
        target.writeLong(value.timestamp());
        target.writeInt(value.timestampType().id);
        target.writeBoolean(value.unread() != null);
        if (value.unread() != null) {
            write(value.unread(), target);
        }
    }

    @Override
    protected RawRecord read(int writtenVersion, DataInputView source) throws IOException {
        String topic = StringValue.readString(source);
        int partition = source.readInt();
        long offset = source.readLong();
        byte[] key = readBytes(source);
        byte[] value = readBytes(source);
        if (writtenVersion == WITHOUT_HEADERS) {
            return new RawRecord(topic, partition, offset, key, value);
        }
        List<RawHeader> headers = readHeaders(source);
        long timestamp = source.readLong();
        TimestampType type = readType(source);
        Unread unread =
                writtenVersion > ALWAYS_WHOLE && source.readBoolean() ? readUnread(source) : null;
        return new RawRecord(
                topic, partition, offset, key, value, headers, timestamp, type, unread);
    }

    private static void write(Unread unread, DataOutputView target) throws IOException {
        StringValue.writeString(unread.why(), target);
        write(unread.key(), target);
        write(unread.value(), target);
        target.writeInt(unread.headersLeftOut());
    }

    private static Unread readUnread(DataInputView source) throws IOException {
        return new Unread(
                StringValue.readString(source),
                readDigest(source),
                readDigest(source),
                source.readInt());
    }

    private static void write(Digest digest, DataOutputView target) throws IOException {
        target.writeInt(digest == null ? NO_BYTES : digest.getLength());
        if (digest != null) {
            StringValue.writeString(digest.getSha256(), target);
        }
    }

    private static Digest readDigest(DataInputView source) throws IOException {
        int length = source.readInt();
        return length == NO_BYTES ? null : new Digest(length, StringValue.readString(source));
    }

    private static List<RawHeader> readHeaders(DataInputView source) throws IOException {
        int count = source.readInt();
        List<RawHeader> headers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            headers.add(new RawHeader(StringValue.readString(source), readBytes(source)));
        }
        return headers;
    }

    private static TimestampType readType(DataInputView source) throws IOException {
        int id = source.readInt();
        for (TimestampType type : TimestampType.values()) {
            if (type.id == id) {
                return type;
            }
        }
        throw new IOException("a timestamp of type " + id + ", which Kafka does not know");
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
