package io.rankstream.job.state;

import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.state.TripletState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Keyed state {@code triplets}: layout and alpha, then the values as one checksummed block. */
public final class TripletStateSerializer extends ValueSerializer<TripletState> {

    /** The serializer; it has no state. */
    public static final TripletStateSerializer INSTANCE = new TripletStateSerializer();

    private static final int FORMAT = 1;

    private TripletStateSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(TripletState value, DataOutputView target) throws IOException {
        TripletLayout layout = value.layout();
        target.writeInt(layout.rank());
        target.writeInt(layout.modules().size());
        for (ModuleShape module : layout.modules()) {
            target.writeUTF(module.name());
            target.writeInt(module.in());
            target.writeInt(module.out());
        }
        target.writeDouble(value.alpha());
        FloatBlock.write(value.values(), target);
    }

    @Override
    protected TripletState read(int writtenVersion, DataInputView source) throws IOException {
        int rank = source.readInt();
        int count = source.readInt();
        List<ModuleShape> modules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            modules.add(new ModuleShape(source.readUTF(), source.readInt(), source.readInt()));
        }
        TripletLayout layout = new TripletLayout(modules, rank);
        return new TripletState(
                layout, source.readDouble(), FloatBlock.read("triplets", layout.size(), source));
    }

    @Override
    public TypeSerializerSnapshot<TripletState> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<TripletState> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
