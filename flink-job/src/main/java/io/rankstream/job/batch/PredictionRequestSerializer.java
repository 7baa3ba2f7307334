package io.rankstream.job.batch;

import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.job.encode.EncodedInput;
import io.rankstream.job.encode.EncodedInputSerializer;
import io.rankstream.job.input.Input;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.record.RawRecordSerializer;
import io.rankstream.job.state.EncodedTokens;
import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * A request on its way to the training operator: adapter, number of inputs, inputs. Formats 1 and 2
 * had an input's id, time, tokens and record alone, and format 1 no words.
 */
public final class PredictionRequestSerializer extends ValueSerializer<PredictionRequest> {

    /** The serializer; it has no state. */
    public static final PredictionRequestSerializer INSTANCE = new PredictionRequestSerializer();

    private static final int FORMAT = 3;
    private static final int WITHOUT_TEXTS = 2;

    private PredictionRequestSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(PredictionRequest value, DataOutputView target) throws IOException {
        target.writeUTF(value.adapterId());
        target.writeInt(value.inputs().size());
        for (EncodedInput input : value.inputs()) {
            EncodedInputSerializer.INSTANCE.serialize(input, target);
        }
    }

    @Override
    protected PredictionRequest read(int writtenVersion, DataInputView source) throws IOException {
        String adapterId = source.readUTF();
        int count = source.readInt();
        List<EncodedInput> inputs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            inputs.add(
                    writtenVersion <= WITHOUT_TEXTS
                            ? readWithoutText(adapterId, writtenVersion, source)
                            : EncodedInputSerializer.INSTANCE.deserialize(source));
        }
        return new PredictionRequest(adapterId, inputs);
    }

    private static EncodedInput readWithoutText(
            String adapterId, int writtenVersion, DataInputView source) throws IOException {
        String id = StringValue.readString(source);
        long eventTime = source.readLong();
        Tokens tokens = EncodedTokens.read(true, writtenVersion == WITHOUT_TEXTS, false, source);
        RawRecord origin = RawRecordSerializer.INSTANCE.deserialize(source);
        return new EncodedInput(
                new Input(
                        id,
                        adapterId,
                        "",
                        Optional.empty(),
                        Map.of(),
                        eventTime,
                        Optional.empty(),
                        origin),
                tokens);
    }

    @Override
    public TypeSerializerSnapshot<PredictionRequest> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<PredictionRequest> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
