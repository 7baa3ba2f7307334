package io.rankstream.job.stream;

import io.rankstream.adapters.Example;
import io.rankstream.job.state.Targets;
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

/** Serializer of {@link LabeledText}. */
final class LabeledTextSerializer extends ValueSerializer<LabeledText> {

    static final LabeledTextSerializer INSTANCE = new LabeledTextSerializer();

    private static final int FORMAT = 1;

    private static final int USUAL_BYTES = 256;

    private LabeledTextSerializer() {
        super(FORMAT);
    }

    /** The bytes of a text, from which {@link #of} makes it again. */
    static byte[] bytes(LabeledText text) throws IOException {
        DataOutputSerializer target = new DataOutputSerializer(USUAL_BYTES);
        INSTANCE.serialize(text, target);
        return target.getCopyOfBuffer();
    }

    static LabeledText of(byte[] bytes) throws IOException {
        return INSTANCE.deserialize(new DataInputDeserializer(bytes));
    }

    @Override
    protected void write(LabeledText value, DataOutputView target) throws IOException {
        Example example = value.example();
        StringValue.writeString(value.id(), target);
        StringValue.writeString(value.adapterId(), target);
        StringValue.writeString(example.text(), target);
        target.writeBoolean(example.pair().isPresent());
        if (example.pair().isPresent()) {
            StringValue.writeString(example.pair().get(), target);
        }
        Targets.write(example.target(), target);
        target.writeLong(value.eventTime());
    }

    @Override
    protected LabeledText read(int writtenVersion, DataInputView source) throws IOException {
        return new LabeledText(
                StringValue.readString(source),
                StringValue.readString(source),
                new Example(
                        StringValue.readString(source),
                        source.readBoolean()
                                ? Optional.of(StringValue.readString(source))
                                : Optional.empty(),
                        Targets.read(true, source)),
                source.readLong());
    }

    @Override
    public TypeSerializerSnapshot<LabeledText> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names this serializer in a savepoint. */
    public static final class Snapshot extends ValueSerializerSnapshot<LabeledText> {

        public Snapshot() {
            super(() -> INSTANCE);
        }
    }

    /** Tells Flink of this serializer. */
    public static final class Type extends TypeInfoFactory<LabeledText> {

        @Override
        public TypeInformation<LabeledText> createTypeInfo(
                java.lang.reflect.Type type, Map<String, TypeInformation<?>> parameters) {
            return new ValueTypeInfo<>(LabeledText.class, INSTANCE);
        }
    }
}
