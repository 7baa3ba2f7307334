package io.rankstream.job.loop.account;

import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Counters of an annotator. */
public final class AnnotatorSerializer extends ValueSerializer<Annotator> {

    /** The serializer; it has no state. */
    public static final AnnotatorSerializer INSTANCE = new AnnotatorSerializer();

    private static final int FORMAT = 1;

    private AnnotatorSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(Annotator value, DataOutputView target) throws IOException {
        target.writeLong(value.votes());
        target.writeLong(value.skips());
        target.writeLong(value.compared());
        target.writeLong(value.agreed());
    }

    @Override
    protected Annotator read(int writtenVersion, DataInputView source) throws IOException {
        return new Annotator(
                source.readLong(), source.readLong(), source.readLong(), source.readLong());
    }

    @Override
    public TypeSerializerSnapshot<Annotator> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<Annotator> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
