package io.rankstream.job.batch;

import io.rankstream.job.encode.EncodedInputSerializer;
import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import io.rankstream.job.state.ValueTypeInfo;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Serializer of {@link AdapterRequest}: its kind, then a command or an input. */
public final class AdapterRequestSerializer extends ValueSerializer<AdapterRequest> {

    /** The serializer; it has no state. */
    public static final AdapterRequestSerializer INSTANCE = new AdapterRequestSerializer();

    /** Type of a stream of requests. */
    public static final TypeInformation<AdapterRequest> TYPE =
            new ValueTypeInfo<>(AdapterRequest.class, INSTANCE);

    private static final int FORMAT = 1;
    private static final int COMMAND = 1;
    private static final int PREDICTION = 2;

    private AdapterRequestSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(AdapterRequest value, DataOutputView target) throws IOException {
        if (value instanceof AdapterRequest.Command command) {
            target.writeByte(COMMAND);
            CommandForm.write(command.command(), target);
        } else if (value instanceof AdapterRequest.Prediction prediction) {
            target.writeByte(PREDICTION);
            EncodedInputSerializer.INSTANCE.serialize(prediction.input(), target);
        }
    }

    @Override
    protected AdapterRequest read(int writtenVersion, DataInputView source) throws IOException {
        int kind = source.readByte();
        return switch (kind) {
            case COMMAND -> new AdapterRequest.Command(CommandForm.read(source));
            case PREDICTION ->
                    new AdapterRequest.Prediction(
                            EncodedInputSerializer.INSTANCE.deserialize(source));
            default ->
                    throw new IOException(
                            "a request is of kind %d, expected 1 (command) or 2 (prediction)"
                                    .formatted(kind));
        };
    }

    @Override
    public TypeSerializerSnapshot<AdapterRequest> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names this serializer in a savepoint. */
    public static final class Snapshot extends ValueSerializerSnapshot<AdapterRequest> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
