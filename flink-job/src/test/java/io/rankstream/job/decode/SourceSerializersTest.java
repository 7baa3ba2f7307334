package io.rankstream.job.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.record.RawHeader;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.record.RawRecordSerializer;
import io.rankstream.job.record.Records;
import io.rankstream.job.record.Unread;
import io.rankstream.job.state.ValueSerializer;
import io.rankstream.schemas.Digest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshotSerializationUtil;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.types.StringValue;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class SourceSerializersTest {

    private static final RawRecord RECORD = Records.raw(new byte[] {0, 0, 0, 0, 7, -1});

    @Test
    void keepARecord() throws IOException {
        assertThat(copy(RawRecordSerializer.INSTANCE, RECORD))
                .usingRecursiveComparison()
                .isEqualTo(RECORD);
    }

    @Test
    void keepATombstoneWithoutKeyApartFromEmptyBytes() throws IOException {
        RawRecord nothing = new RawRecord("t", 0, 0, null, null);
        RawRecord empty = new RawRecord("t", 0, 0, new byte[0], new byte[0]);

        assertThat(copy(RawRecordSerializer.INSTANCE, nothing)).isEqualTo(nothing);
        assertThat(copy(RawRecordSerializer.INSTANCE, empty))
                .usingRecursiveComparison()
                .isEqualTo(empty);
    }

    @Test
    void keepHeadersAndTimestamp() throws IOException {
        for (TimestampType type : TimestampType.values()) {
            RawRecord record =
                    new RawRecord(
                            "t",
                            0,
                            0,
                            null,
                            new byte[0],
                            List.of(
                                    new RawHeader("é", new byte[] {1}),
                                    new RawHeader("", new byte[0]),
                                    new RawHeader("", null)),
                            -5,
                            type);

            assertThat(copy(RawRecordSerializer.INSTANCE, record))
                    .usingRecursiveComparison()
                    .isEqualTo(record);
        }
    }

    @Test
    void keepWhatIsNotThereOfARecord() throws IOException {
        for (Unread unread :
                List.of(
                        Unread.wholly("no memory"),
                        new Unread("large", new Digest(7, "k"), new Digest(1 << 30, "v"), 3))) {
            RawRecord record =
                    new RawRecord(
                            "t",
                            0,
                            0,
                            null,
                            null,
                            List.of(),
                            -1,
                            TimestampType.NO_TIMESTAMP_TYPE,
                            unread);

            assertThat(copy(RawRecordSerializer.INSTANCE, record)).isEqualTo(record);
        }
    }

    @Test
    void readARecordOfTheReleaseWithoutHeaders() throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        out.writeByte(1);
        StringValue.writeString("t", out);
        out.writeInt(3);
        out.writeLong(41);
        out.writeInt(-1);
        out.writeInt(2);
        out.write(new byte[] {7, 8});

        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());

        assertThat(RawRecordSerializer.INSTANCE.deserialize(in))
                .usingRecursiveComparison()
                .isEqualTo(new RawRecord("t", 3, 41, null, new byte[] {7, 8}));
        assertThat(in.available()).isZero();
    }

    @Test
    void keepAnExampleWithALongText() throws IOException {
        Example example =
                new Example(
                        "e-1",
                        "spam",
                        "Grüße 🙂 ".repeat(20_000),
                        Optional.of("second"),
                        new Target.Numeric(-.5),
                        -5,
                        RECORD);

        assertThat(copy(ExampleSerializer.INSTANCE, example))
                .usingRecursiveComparison()
                .isEqualTo(example);
    }

    @Test
    void areFoundAgainInASavepoint() throws IOException {
        assertThat(restored(RawRecordSerializer.INSTANCE)).isSameAs(RawRecordSerializer.INSTANCE);
        assertThat(restored(ExampleSerializer.INSTANCE)).isSameAs(ExampleSerializer.INSTANCE);
    }

    @Test
    void refuseAFormatOfTheFuture() {
        assertThatThrownBy(
                        () ->
                                RawRecordSerializer.INSTANCE.deserialize(
                                        new DataInputDeserializer(new byte[] {9})))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("RawRecordSerializer reads formats 1 to 3 and found 9");
    }

    private static <T> T copy(ValueSerializer<T> serializer, T value) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(value, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        T read = serializer.deserialize(in);
        assertThat(in.available()).isZero();
        return read;
    }

    private static Object restored(ValueSerializer<?> serializer) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        TypeSerializerSnapshotSerializationUtil.writeSerializerSnapshot(
                out, serializer.snapshotConfiguration());
        TypeSerializerSnapshot<?> snapshot =
                TypeSerializerSnapshotSerializationUtil.readSerializerSnapshot(
                        new DataInputDeserializer(out.getCopyOfBuffer()),
                        serializer.getClass().getClassLoader());
        return snapshot.restoreSerializer();
    }
}
