package io.rankstream.job.batch;

import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.encode.EncodedExampleSerializer;
import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A micro-batch on its way to the training operator: adapter, number of examples, examples. */
public final class MicroBatchSerializer extends ValueSerializer<MicroBatch> {

    /** The serializer; it has no state. */
    public static final MicroBatchSerializer INSTANCE = new MicroBatchSerializer();

    private static final int FORMAT = 1;

    private MicroBatchSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(MicroBatch value, DataOutputView target) throws IOException {
        target.writeUTF(value.adapterId());
        target.writeInt(value.examples().size());
        for (EncodedExample example : value.examples()) {
            EncodedExampleSerializer.INSTANCE.serialize(example, target);
        }
    }

    @Override
    protected MicroBatch read(int writtenVersion, DataInputView source) throws IOException {
        String adapterId = source.readUTF();
        int count = source.readInt();
        List<EncodedExample> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            examples.add(EncodedExampleSerializer.INSTANCE.deserialize(source));
        }
        return new MicroBatch(adapterId, examples);
    }

    @Override
    public TypeSerializerSnapshot<MicroBatch> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<MicroBatch> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
