package io.rankstream.job.state;

import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.classification.Pooling;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Keyed state {@code head}: labels, pooling and width, then weight and bias as checksummed blocks.
 * Format 1 had the labels' names alone.
 */
public final class HeadStateSerializer extends ValueSerializer<HeadState> {

    /** The serializer; it has no state. */
    public static final HeadStateSerializer INSTANCE = new HeadStateSerializer();

    private static final int FORMAT = 2;

    private HeadStateSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(HeadState value, DataOutputView target) throws IOException {
        LabelSetSerializer.INSTANCE.serialize(value.labels(), target);
        target.writeUTF(value.pooling().name());
        target.writeInt(value.hidden());
        FloatBlock.write(value.weight(), target);
        FloatBlock.write(value.bias(), target);
    }

    @Override
    protected HeadState read(int writtenVersion, DataInputView source) throws IOException {
        LabelSet labels =
                writtenVersion == 1
                        ? LabelSet.of(LabelSetSerializer.readNames(source))
                        : LabelSetSerializer.INSTANCE.deserialize(source);
        int count = labels.rows().size();
        Pooling pooling = Pooling.valueOf(source.readUTF());
        int hidden = source.readInt();
        return new HeadState(
                labels,
                pooling,
                hidden,
                FloatBlock.read("head weight", count * hidden, source),
                FloatBlock.read("head bias", count, source));
    }

    @Override
    public TypeSerializerSnapshot<HeadState> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<HeadState> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
