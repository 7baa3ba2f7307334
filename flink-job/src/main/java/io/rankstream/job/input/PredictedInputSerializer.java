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
import org.apache.flink.types.StringValue;

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

    private static final int NO_VERSION = 0;
    private static final int PUBLISHED = 1;
    private static final int FOREIGN = 2;

    private PredictedInputSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(PredictedInput value, DataOutputView target) throws IOException {
        InputSerializer.INSTANCE.serialize(value.input(), target);
        writeVersion(value.version(), target);
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
                readVersion(source),
                source.readLong(),
                source.readLong(),
                source.readBoolean(),
                source.readBoolean(),
                readPredicted(source),
                LabelProbabilitiesForm.read(source),
                source.readFloat(),
                source.readLong());
    }

    private static void writeVersion(Optional<ModelVersion> version, DataOutputView target)
            throws IOException {
        if (version.isEmpty()) {
            target.writeByte(NO_VERSION);
        } else if (version.get() instanceof ModelVersion.Published published) {
            target.writeByte(PUBLISHED);
            target.writeLong(published.number());
        } else if (version.get() instanceof ModelVersion.Foreign foreign) {
            target.writeByte(FOREIGN);
            StringValue.writeString(foreign.name(), target);
        }
    }

    private static Optional<ModelVersion> readVersion(DataInputView source) throws IOException {
        int kind = source.readByte();
        return switch (kind) {
            case NO_VERSION -> Optional.empty();
            case PUBLISHED -> Optional.of(new ModelVersion.Published(source.readLong()));
            case FOREIGN -> Optional.of(new ModelVersion.Foreign(StringValue.readString(source)));
            default ->
                    throw new IOException(
                            "a version is of kind %d, expected 0 (none), 1 (published) or 2 (another model's)"
                                    .formatted(kind));
        };
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
