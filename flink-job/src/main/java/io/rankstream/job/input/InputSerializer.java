package io.rankstream.job.input;

import io.rankstream.job.record.RawRecordSerializer;
import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import io.rankstream.job.state.ValueTypeInfo;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * Serializer of {@link Input}: ids, texts, number of metadata and each with its value, time, what
 * another model has said, the record.
 */
public final class InputSerializer extends ValueSerializer<Input> {

    /** The serializer; it has no state. */
    public static final InputSerializer INSTANCE = new InputSerializer();

    /** Type of a stream of inputs. */
    public static final TypeInformation<Input> TYPE = new ValueTypeInfo<>(Input.class, INSTANCE);

    private static final int FORMAT = 1;

    private InputSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(Input value, DataOutputView target) throws IOException {
        StringValue.writeString(value.exampleId(), target);
        StringValue.writeString(value.adapterId(), target);
        StringValue.writeString(value.text(), target);
        StringValue.writeString(value.pair().orElse(null), target);
        target.writeInt(value.metadata().size());
        for (Map.Entry<String, String> each : value.metadata().entrySet()) {
            StringValue.writeString(each.getKey(), target);
            StringValue.writeString(each.getValue(), target);
        }
        target.writeLong(value.eventTime());
        target.writeBoolean(value.given().isPresent());
        if (value.given().isPresent()) {
            StringValue.writeString(value.given().get().version(), target);
            LabelProbabilitiesForm.write(value.given().get().said(), target);
        }
        RawRecordSerializer.INSTANCE.serialize(value.origin(), target);
    }

    @Override
    protected Input read(int writtenVersion, DataInputView source) throws IOException {
        return new Input(
                StringValue.readString(source),
                StringValue.readString(source),
                StringValue.readString(source),
                Optional.ofNullable(StringValue.readString(source)),
                readMetadata(source),
                source.readLong(),
                readGiven(source),
                RawRecordSerializer.INSTANCE.deserialize(source));
    }

    private static Map<String, String> readMetadata(DataInputView source) throws IOException {
        int count = source.readInt();
        Map<String, String> metadata = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            metadata.put(StringValue.readString(source), StringValue.readString(source));
        }
        return metadata;
    }

    private static Optional<GivenPrediction> readGiven(DataInputView source) throws IOException {
        return source.readBoolean()
                ? Optional.of(
                        new GivenPrediction(
                                StringValue.readString(source),
                                LabelProbabilitiesForm.read(source)))
                : Optional.empty();
    }

    @Override
    public TypeSerializerSnapshot<Input> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names this serializer in a savepoint. */
    public static final class Snapshot extends ValueSerializerSnapshot<Input> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
