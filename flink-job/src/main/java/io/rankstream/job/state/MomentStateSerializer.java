package io.rankstream.job.state;

import io.rankstream.adapters.state.MomentState;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Keyed state {@code moments}: the lengths, then four checksummed blocks. */
public final class MomentStateSerializer extends ValueSerializer<MomentState> {

    /** The serializer; it has no state. */
    public static final MomentStateSerializer INSTANCE = new MomentStateSerializer();

    private static final int FORMAT = 1;

    private MomentStateSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(MomentState value, DataOutputView target) throws IOException {
        target.writeInt(value.tripletFirst().length);
        target.writeInt(value.headFirst().length);
        FloatBlock.write(value.tripletFirst(), target);
        FloatBlock.write(value.tripletSecond(), target);
        FloatBlock.write(value.headFirst(), target);
        FloatBlock.write(value.headSecond(), target);
    }

    @Override
    protected MomentState read(int writtenVersion, DataInputView source) throws IOException {
        int triplets = source.readInt();
        int head = source.readInt();
        return new MomentState(
                FloatBlock.read("first moments of the triplets", triplets, source),
                FloatBlock.read("second moments of the triplets", triplets, source),
                FloatBlock.read("first moments of the head", head, source),
                FloatBlock.read("second moments of the head", head, source));
    }

    @Override
    public TypeSerializerSnapshot<MomentState> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<MomentState> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
