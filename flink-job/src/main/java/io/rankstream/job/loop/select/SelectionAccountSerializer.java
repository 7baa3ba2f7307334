package io.rankstream.job.loop.select;

import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** What selection knows of an adapter. */
public final class SelectionAccountSerializer extends ValueSerializer<SelectionAccount> {

    /** The serializer; it has no state. */
    public static final SelectionAccountSerializer INSTANCE = new SelectionAccountSerializer();

    private static final int FORMAT = 1;

    private SelectionAccountSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(SelectionAccount value, DataOutputView target) throws IOException {
        target.writeLong(value.inputs());
        target.writeLong(value.asked());
        target.writeLong(value.excluded());
        target.writeDouble(value.allowed());
        target.writeDouble(value.meanUtility());
        target.writeLong(value.predicted());
        target.writeDouble(value.meanGap());
        target.writeLong(value.gaps());
        target.writeLong(value.lastTime());
        target.writeInt(value.labels().size());
        for (Map.Entry<String, Long> label : value.labels().entrySet()) {
            target.writeUTF(label.getKey());
            target.writeLong(label.getValue());
        }
    }

    @Override
    protected SelectionAccount read(int writtenVersion, DataInputView source) throws IOException {
        return new SelectionAccount(
                source.readLong(),
                source.readLong(),
                source.readLong(),
                source.readDouble(),
                source.readDouble(),
                source.readLong(),
                source.readDouble(),
                source.readLong(),
                source.readLong(),
                labels(source));
    }

    private static SortedMap<String, Long> labels(DataInputView source) throws IOException {
        SortedMap<String, Long> labels = new TreeMap<>();
        int size = source.readInt();
        for (int i = 0; i < size; i++) {
            labels.put(source.readUTF(), source.readLong());
        }
        return labels;
    }

    @Override
    public TypeSerializerSnapshot<SelectionAccount> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<SelectionAccount> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
