package io.rankstream.job.fleet;

import io.rankstream.adapters.fleet.FleetAccount;
import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** What the fleet keeps of an adapter. */
public final class FleetAccountSerializer extends ValueSerializer<FleetAccount> {

    /** The serializer; it has no state. */
    public static final FleetAccountSerializer INSTANCE = new FleetAccountSerializer();

    private static final int FORMAT = 1;

    private FleetAccountSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(FleetAccount value, DataOutputView target) throws IOException {
        FleetNeeds.write(value.need(), target);
        target.writeInt(value.wanted());
        target.writeInt(value.waiting());
    }

    @Override
    protected FleetAccount read(int writtenVersion, DataInputView source) throws IOException {
        return new FleetAccount(FleetNeeds.read(source), source.readInt(), source.readInt());
    }

    @Override
    public TypeSerializerSnapshot<FleetAccount> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<FleetAccount> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
