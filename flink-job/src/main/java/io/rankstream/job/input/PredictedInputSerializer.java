package io.rankstream.job.input;

import io.rankstream.adapters.task.Target;
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

/**
 * Serializer of {@link PredictedInput}: the input, kind and value of the version, step, revision of
 * the labels, flags, what was said, each label with its probability, norm, time.
 */
public final class PredictedInputSerializer extends ValueSerializer<PredictedInput> {

    /** The serializer; it has no state. */
    public static final PredictedInputSerializer INSTANCE = new PredictedInputSerializer();

    /** Type of a stream of predicted inputs. */
    public static final TypeInformation<PredictedInput> TYPE =
            new ValueTypeInfo<>(PredictedInput.class, INSTANCE);

    private static final int FORMAT = 1;

    private PredictedInputSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(PredictedInput value, DataOutputView target) throws IOException {
        InputSerializer.INSTANCE.serialize(value.input(), target);
        ModelVersionForm.write(value.version(), target);
        target.writeLong(value.step());
        target.writeLong(value.labelRevision());
        target.writeBoolean(value.prior());
        target.writeBoolean(value.truncated());
        target.writeBoolean(value.predicted().isPresent());
        if (value.predicted().isPresent()) {
            Targets.write(value.predicted().get(), target);
        }
        LabelProbabilitiesForm.write(value.said(), target);
        target.writeFloat(value.vectorNorm());
        target.writeLong(value.predictedAt());
    }

    @Override
    protected PredictedInput read(int writtenVersion, DataInputView source) throws IOException {
        return new PredictedInput(
                InputSerializer.INSTANCE.deserialize(source),
                ModelVersionForm.read(source),
                source.readLong(),
                source.readLong(),
                source.readBoolean(),
                source.readBoolean(),
                readPredicted(source),
                LabelProbabilitiesForm.read(source),
                source.readFloat(),
                source.readLong());
    }

    private static Optional<Target> readPredicted(DataInputView source) throws IOException {
        return source.readBoolean() ? Optional.of(Targets.read(true, source)) : Optional.empty();
    }

    @Override
    public TypeSerializerSnapshot<PredictedInput> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names this serializer in a savepoint. */
    public static final class Snapshot extends ValueSerializerSnapshot<PredictedInput> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
