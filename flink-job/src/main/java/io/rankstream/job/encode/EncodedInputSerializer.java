package io.rankstream.job.encode;

import io.rankstream.job.input.InputSerializer;
import io.rankstream.job.state.EncodedTokens;
import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import io.rankstream.job.state.ValueTypeInfo;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Serializer of {@link EncodedInput}: the input, and its tokens. Format 1 had no places of tokens.
 */
public final class EncodedInputSerializer extends ValueSerializer<EncodedInput> {

    /** The serializer; it has no state. */
    public static final EncodedInputSerializer INSTANCE = new EncodedInputSerializer();

    /** Type of a stream of encoded inputs. */
    public static final TypeInformation<EncodedInput> TYPE =
            new ValueTypeInfo<>(EncodedInput.class, INSTANCE);

    private static final int FORMAT = 2;

    private EncodedInputSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(EncodedInput value, DataOutputView target) throws IOException {
        InputSerializer.INSTANCE.serialize(value.input(), target);
        EncodedTokens.write(value.tokens(), target);
    }

    @Override
    protected EncodedInput read(int writtenVersion, DataInputView source) throws IOException {
        return new EncodedInput(
                InputSerializer.INSTANCE.deserialize(source),
                EncodedTokens.read(true, true, writtenVersion >= 2, source));
    }

    @Override
    public TypeSerializerSnapshot<EncodedInput> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names this serializer in a savepoint. */
    public static final class Snapshot extends ValueSerializerSnapshot<EncodedInput> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
