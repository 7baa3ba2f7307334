package io.rankstream.job.encode;

import io.rankstream.job.record.RawRecordSerializer;
import io.rankstream.job.state.EncodedTokens;
import io.rankstream.job.state.Targets;
import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import io.rankstream.job.state.ValueTypeInfo;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * Serializer of {@link EncodedExample}. Format 1 had labels alone, and one text; format 2 had no
 * words; format 3 had none that were selected; format 4 had no places of tokens.
 */
public final class EncodedExampleSerializer extends ValueSerializer<EncodedExample> {

    public static final EncodedExampleSerializer INSTANCE = new EncodedExampleSerializer();
    public static final TypeInformation<EncodedExample> TYPE =
            new ValueTypeInfo<>(EncodedExample.class, INSTANCE);

    private static final int FORMAT = 5;

    private EncodedExampleSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(EncodedExample value, DataOutputView target) throws IOException {
        StringValue.writeString(value.id(), target);
        StringValue.writeString(value.adapterId(), target);
        Targets.write(value.target(), target);
        target.writeLong(value.eventTime());
        target.writeBoolean(value.uniform());
        EncodedTokens.write(value.tokens(), target);
        RawRecordSerializer.INSTANCE.serialize(value.origin(), target);
    }

    @Override
    protected EncodedExample read(int writtenVersion, DataInputView source) throws IOException {
        return new EncodedExample(
                StringValue.readString(source),
                StringValue.readString(source),
                Targets.read(writtenVersion >= 2, source),
                source.readLong(),
                writtenVersion < 4 || source.readBoolean(),
                EncodedTokens.read(
                        writtenVersion >= 2, writtenVersion >= 3, writtenVersion >= 5, source),
                RawRecordSerializer.INSTANCE.deserialize(source));
    }

    @Override
    public TypeSerializerSnapshot<EncodedExample> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names this serializer in a savepoint. */
    public static final class Snapshot extends ValueSerializerSnapshot<EncodedExample> {

        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
