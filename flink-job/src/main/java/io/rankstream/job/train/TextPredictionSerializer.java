package io.rankstream.job.train;

import io.rankstream.adapters.Prediction;
import io.rankstream.adapters.task.Target;
import io.rankstream.job.state.Targets;
import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import io.rankstream.job.state.ValueTypeInfo;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * What was said of a text: ids, step, time, kind and value of what was said, and each label with
 * its probability.
 */
public final class TextPredictionSerializer extends ValueSerializer<TextPrediction> {

    /** The serializer; it has no state. */
    public static final TextPredictionSerializer INSTANCE = new TextPredictionSerializer();

    /** Type of a stream of predictions. */
    public static final ValueTypeInfo<TextPrediction> TYPE =
            new ValueTypeInfo<>(TextPrediction.class, INSTANCE);

    private static final int FORMAT = 1;

    private TextPredictionSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(TextPrediction value, DataOutputView target) throws IOException {
        StringValue.writeString(value.textId(), target);
        StringValue.writeString(value.adapterId(), target);
        target.writeLong(value.step());
        target.writeLong(value.eventTime());
        Targets.write(value.prediction().said(), target);
        target.writeInt(value.prediction().probabilities().size());
        for (Map.Entry<String, Float> each : value.prediction().probabilities().entrySet()) {
            StringValue.writeString(each.getKey(), target);
            target.writeFloat(each.getValue());
        }
    }

    @Override
    protected TextPrediction read(int writtenVersion, DataInputView source) throws IOException {
        String textId = StringValue.readString(source);
        String adapterId = StringValue.readString(source);
        long step = source.readLong();
        long eventTime = source.readLong();
        Target said = Targets.read(true, source);
        Map<String, Float> probabilities = new LinkedHashMap<>();
        int labels = source.readInt();
        for (int i = 0; i < labels; i++) {
            probabilities.put(StringValue.readString(source), source.readFloat());
        }
        return new TextPrediction(
                textId, adapterId, step, eventTime, new Prediction(said, probabilities));
    }

    @Override
    public TypeSerializerSnapshot<TextPrediction> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<TextPrediction> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
