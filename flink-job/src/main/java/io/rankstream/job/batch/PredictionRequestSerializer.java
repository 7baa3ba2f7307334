package io.rankstream.job.batch;

import io.rankstream.job.record.RawRecordSerializer;
import io.rankstream.job.state.EncodedTokens;
import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** A request on its way to the training operator: adapter, number of texts, texts. */
public final class PredictionRequestSerializer extends ValueSerializer<PredictionRequest> {

    /** The serializer; it has no state. */
    public static final PredictionRequestSerializer INSTANCE = new PredictionRequestSerializer();

    private static final int FORMAT = 2;

    private PredictionRequestSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(PredictionRequest value, DataOutputView target) throws IOException {
        target.writeUTF(value.adapterId());
        target.writeInt(value.texts().size());
        for (UnlabeledText text : value.texts()) {
            StringValue.writeString(text.id(), target);
            target.writeLong(text.eventTime());
            EncodedTokens.write(text.tokens(), target);
            RawRecordSerializer.INSTANCE.serialize(text.origin(), target);
        }
    }

    @Override
    protected PredictionRequest read(int writtenVersion, DataInputView source) throws IOException {
        String adapterId = source.readUTF();
        int count = source.readInt();
        List<UnlabeledText> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(
                    new UnlabeledText(
                            StringValue.readString(source),
                            source.readLong(),
                            EncodedTokens.read(true, writtenVersion >= 2, source),
                            RawRecordSerializer.INSTANCE.deserialize(source)));
        }
        return new PredictionRequest(adapterId, texts);
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
