package io.rankstream.job.state;

import io.rankstream.adapters.state.Label;
import io.rankstream.adapters.state.LabelSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Labels of an adapter: the rows, the revisions, the configuration's list. */
public final class LabelSetSerializer extends ValueSerializer<LabelSet> {

    /** The serializer; it has no state. */
    public static final LabelSetSerializer INSTANCE = new LabelSetSerializer();

    private static final int FORMAT = 1;

    private LabelSetSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(LabelSet value, DataOutputView target) throws IOException {
        target.writeInt(value.rows().size());
        for (Label label : value.rows()) {
            target.writeUTF(label.name());
            target.writeBoolean(label.retired());
            target.writeLong(label.idle());
        }
        target.writeLong(value.revision());
        target.writeLong(value.published());
        target.writeInt(value.configured().size());
        for (String name : value.configured()) {
            target.writeUTF(name);
        }
    }

    @Override
    protected LabelSet read(int writtenVersion, DataInputView source) throws IOException {
        int count = source.readInt();
        List<Label> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(new Label(source.readUTF(), source.readBoolean(), source.readLong()));
        }
        return new LabelSet(rows, source.readLong(), source.readLong(), readNames(source));
    }

    /** Names behind their number. */
    static List<String> readNames(DataInputView source) throws IOException {
        int count = source.readInt();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(source.readUTF());
        }
        return names;
    }

    @Override
    public TypeSerializerSnapshot<LabelSet> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<LabelSet> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
