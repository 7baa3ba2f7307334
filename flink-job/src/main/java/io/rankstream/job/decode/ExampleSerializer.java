package io.rankstream.job.decode;

import io.rankstream.job.record.RawRecordSerializer;
import io.rankstream.job.state.Targets;
import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import io.rankstream.job.state.ValueTypeInfo;
import java.io.IOException;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * Serializer of {@link Example}. Format 1 had labels alone and no second text; format 2 had none
 * that were selected.
 */
public final class ExampleSerializer extends ValueSerializer<Example> {

    public static final ExampleSerializer INSTANCE = new ExampleSerializer();
    public static final TypeInformation<Example> TYPE =
            new ValueTypeInfo<>(Example.class, INSTANCE);

    private static final int FORMAT = 3;

    private ExampleSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(Example value, DataOutputView target) throws IOException {
        StringValue.writeString(value.id(), target);
        StringValue.writeString(value.adapterId(), target);
        StringValue.writeString(value.text(), target);
        target.writeBoolean(value.pair().isPresent());
        if (value.pair().isPresent()) {
            StringValue.writeString(value.pair().get(), target);
        }
        Targets.write(value.target(), target);
        target.writeLong(value.eventTime());
        target.writeBoolean(value.uniform());
        RawRecordSerializer.INSTANCE.serialize(value.origin(), target);
    }

    @Override
    protected Example read(int writtenVersion, DataInputView source) throws IOException {
        return new Example(
                StringValue.readString(source),
                StringValue.readString(source),
                StringValue.readString(source),
                writtenVersion >= 2 && source.readBoolean()
                        ? Optional.of(StringValue.readString(source))
                        : Optional.empty(),
                Targets.read(writtenVersion >= 2, source),
                source.readLong(),
                writtenVersion < 3 || source.readBoolean(),
                RawRecordSerializer.INSTANCE.deserialize(source));
    }

    @Override
    public TypeSerializerSnapshot<Example> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names this serializer in a savepoint. */
    public static final class Snapshot extends ValueSerializerSnapshot<Example> {

        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
