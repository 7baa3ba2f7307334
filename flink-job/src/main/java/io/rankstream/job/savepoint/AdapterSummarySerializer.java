package io.rankstream.job.savepoint;

import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.job.savepoint.AdapterSummary.Module;
import io.rankstream.job.state.AdapterMetaSerializer;
import io.rankstream.job.state.LabelSetSerializer;
import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import io.rankstream.job.state.ValueTypeInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A summary on its way from the reader of a savepoint: meta, labels, budget, bytes, modules. */
public final class AdapterSummarySerializer extends ValueSerializer<AdapterSummary> {

    /** The serializer; it has no state. */
    public static final AdapterSummarySerializer INSTANCE = new AdapterSummarySerializer();

    static final ValueTypeInfo<AdapterSummary> TYPE =
            new ValueTypeInfo<>(AdapterSummary.class, INSTANCE);

    private static final int FORMAT = 1;

    private AdapterSummarySerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(AdapterSummary value, DataOutputView target) throws IOException {
        AdapterMetaSerializer.INSTANCE.serialize(value.meta(), target);
        LabelSetSerializer.INSTANCE.serialize(value.labels(), target);
        target.writeInt(value.budget());
        target.writeLong(value.bytes());
        target.writeInt(value.modules().size());
        for (Module module : value.modules()) {
            target.writeUTF(module.name());
            target.writeInt(module.liveRank());
            target.writeDouble(module.importance());
        }
    }

    @Override
    protected AdapterSummary read(int writtenVersion, DataInputView source) throws IOException {
        AdapterMeta meta = AdapterMetaSerializer.INSTANCE.deserialize(source);
        LabelSet labels = LabelSetSerializer.INSTANCE.deserialize(source);
        int budget = source.readInt();
        long bytes = source.readLong();
        int count = source.readInt();
        List<Module> modules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            modules.add(new Module(source.readUTF(), source.readInt(), source.readDouble()));
        }
        return new AdapterSummary(meta, labels, budget, modules, bytes);
    }

    @Override
    public TypeSerializerSnapshot<AdapterSummary> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<AdapterSummary> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
