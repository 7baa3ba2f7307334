package io.rankstream.job.batch;

import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import io.rankstream.job.state.ValueTypeInfo;
import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.ControlCommand;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * Work on its way to the training operator: its kind, then a micro-batch, a command or, from format
 * 2 on, a request for predictions.
 */
public final class AdapterWorkSerializer extends ValueSerializer<AdapterWork> {

    /** The serializer; it has no state. */
    public static final AdapterWorkSerializer INSTANCE = new AdapterWorkSerializer();

    /** Type of a stream of work. */
    public static final ValueTypeInfo<AdapterWork> TYPE =
            new ValueTypeInfo<>(AdapterWork.class, INSTANCE);

    private static final int FORMAT = 2;
    private static final int MICRO_BATCH = 1;
    private static final int COMMAND = 2;
    private static final int PREDICTION_REQUEST = 3;

    private AdapterWorkSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(AdapterWork value, DataOutputView target) throws IOException {
        if (value instanceof MicroBatch batch) {
            target.writeByte(MICRO_BATCH);
            MicroBatchSerializer.INSTANCE.serialize(batch, target);
        } else if (value instanceof JudgedCommand command) {
            target.writeByte(COMMAND);
            write(command, target);
        } else if (value instanceof PredictionRequest request) {
            target.writeByte(PREDICTION_REQUEST);
            PredictionRequestSerializer.INSTANCE.serialize(request, target);
        }
    }

    @Override
    protected AdapterWork read(int writtenVersion, DataInputView source) throws IOException {
        int kind = source.readByte();
        return switch (kind) {
            case MICRO_BATCH -> MicroBatchSerializer.INSTANCE.deserialize(source);
            case COMMAND -> readCommand(source);
            case PREDICTION_REQUEST -> PredictionRequestSerializer.INSTANCE.deserialize(source);
            default -> throw new IOException("work of kind " + kind + ", expected 1 to 3");
        };
    }

    private static void write(JudgedCommand value, DataOutputView target) throws IOException {
        CommandForm.write(value.command(), target);
        target.writeLong(value.revision());
        if (value instanceof JudgedCommand.Answered answered) {
            StringValue.writeString(answered.outcome().name(), target);
            StringValue.writeString(answered.message(), target);
        } else {
            StringValue.writeString(null, target);
            StringValue.writeString(null, target);
        }
    }

    private static JudgedCommand readCommand(DataInputView source) throws IOException {
        ControlCommand command = CommandForm.read(source);
        long revision = source.readLong();
        String outcome = StringValue.readString(source);
        String message = StringValue.readString(source);
        return outcome == null
                ? new JudgedCommand.Accepted(command, revision)
                : new JudgedCommand.Answered(
                        command, revision, CommandOutcome.valueOf(outcome), message);
    }

    @Override
    public TypeSerializerSnapshot<AdapterWork> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<AdapterWork> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
