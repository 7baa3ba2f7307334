package io.rankstream.job.state;

import io.rankstream.adapters.state.HeadShape;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.HeadKind;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Keyed state {@code head}: labels, kind and width, then weight, bias and, of a head of two layers,
 * the first one as checksummed blocks. Format 1 had the labels' names alone, format 2 the pooling
 * of the kind.
 */
public final class HeadStateSerializer extends ValueSerializer<HeadState> {

    /** The serializer; it has no state. */
    public static final HeadStateSerializer INSTANCE = new HeadStateSerializer();

    private static final int FORMAT = 3;

    private HeadStateSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(HeadState value, DataOutputView target) throws IOException {
        LabelSetSerializer.INSTANCE.serialize(value.labels(), target);
        HeadKinds.write(value.kind(), target);
        target.writeInt(value.hidden());
        FloatBlock.write(value.weight(), target);
        FloatBlock.write(value.bias(), target);
        if (value.form() == HeadForm.OWN) {
            FloatBlock.write(value.dense(), target);
        }
    }

    @Override
    protected HeadState read(int writtenVersion, DataInputView source) throws IOException {
        LabelSet labels =
                writtenVersion == 1
                        ? LabelSet.of(LabelSetSerializer.readNames(source))
                        : LabelSetSerializer.INSTANCE.deserialize(source);
        HeadKind kind = HeadKinds.read(writtenVersion >= 3, source);
        int hidden = source.readInt();
        HeadShape shape =
                new HeadShape(kind.task().outputs(labels.rows().size()), hidden, kind.form());
        return new HeadState(
                kind.task(),
                labels,
                kind.pooling(),
                hidden,
                FloatBlock.read("head weight", shape.weightSize(), source),
                FloatBlock.read("head bias", shape.outputs(), source),
                kind.form() == HeadForm.OWN
                        ? FloatBlock.read("head's first layer", shape.denseSize(), source)
                        : new float[0]);
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
