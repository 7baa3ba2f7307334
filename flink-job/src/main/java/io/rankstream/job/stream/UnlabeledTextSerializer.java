package io.rankstream.job.stream;

import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import io.rankstream.job.state.ValueTypeInfo;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** Serializer of {@link UnlabeledText}: ids, texts, time. */
final class UnlabeledTextSerializer extends ValueSerializer<UnlabeledText> {

    static final UnlabeledTextSerializer INSTANCE = new UnlabeledTextSerializer();

    private static final int FORMAT = 1;

    private static final int USUAL_BYTES = 256;

    private UnlabeledTextSerializer() {
        super(FORMAT);
    }

    /** The bytes of a text, from which {@link #of} makes it again. */
    static byte[] bytes(UnlabeledText text) throws IOException {
        DataOutputSerializer target = new DataOutputSerializer(USUAL_BYTES);
        INSTANCE.serialize(text, target);
        return target.getCopyOfBuffer();
    }

    static UnlabeledText of(byte[] bytes) throws IOException {
        return INSTANCE.deserialize(new DataInputDeserializer(bytes));
    }

    @Override
    protected void write(UnlabeledText value, DataOutputView target) throws IOException {
        StringValue.writeString(value.id(), target);
        StringValue.writeString(value.adapterId(), target);
        StringValue.writeString(value.text(), target);
        StringValue.writeString(value.pair().orElse(null), target);
        target.writeLong(value.eventTime());
    }

    @Override
    protected UnlabeledText read(int writtenVersion, DataInputView source) throws IOException {
        return new UnlabeledText(
                StringValue.readString(source),
                StringValue.readString(source),
                StringValue.readString(source),
                Optional.ofNullable(StringValue.readString(source)),
                source.readLong());
    }

    @Override
    public TypeSerializerSnapshot<UnlabeledText> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names this serializer in a savepoint. */
    public static final class Snapshot extends ValueSerializerSnapshot<UnlabeledText> {

        public Snapshot() {
            super(() -> INSTANCE);
        }
    }

    /** Tells Flink of this serializer. */
    public static final class Type extends TypeInfoFactory<UnlabeledText> {

        @Override
        public TypeInformation<UnlabeledText> createTypeInfo(
                java.lang.reflect.Type type, Map<String, TypeInformation<?>> parameters) {
            return new ValueTypeInfo<>(UnlabeledText.class, INSTANCE);
        }
    }
}
