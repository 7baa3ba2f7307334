package io.rankstream.job.fleet;

import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import io.rankstream.job.state.ValueTypeInfo;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** News on their way to the fleet: the adapter, a byte that says of which kind, and the news. */
public final class FleetNewsSerializer extends ValueSerializer<FleetNews> {

    /** The serializer; it has no state. */
    public static final FleetNewsSerializer INSTANCE = new FleetNewsSerializer();

    /** The type of a stream of news. */
    public static final TypeInformation<FleetNews> TYPE =
            new ValueTypeInfo<>(FleetNews.class, INSTANCE);

    private static final int FORMAT = 1;

    private static final int NEED = 1;
    private static final int TARGET = 2;
    private static final int REFUSED = 3;

    private FleetNewsSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(FleetNews value, DataOutputView target) throws IOException {
        StringValue.writeString(value.adapterId(), target);
        if (value instanceof FleetNews.Need need) {
            target.writeByte(NEED);
            FleetNeeds.write(need.need(), target);
        } else if (value instanceof FleetNews.Target set) {
            target.writeByte(TARGET);
            target.writeInt(set.triplets());
            target.writeBoolean(set.isPinned());
            target.writeBoolean(set.answersFleet());
        } else if (value instanceof FleetNews.Refused) {
            target.writeByte(REFUSED);
        }
    }

    @Override
    protected FleetNews read(int writtenVersion, DataInputView source) throws IOException {
        String adapterId = StringValue.readString(source);
        int kind = source.readByte();
        return switch (kind) {
            case NEED -> new FleetNews.Need(adapterId, FleetNeeds.read(source));
            case TARGET ->
                    new FleetNews.Target(
                            adapterId,
                            source.readInt(),
                            source.readBoolean(),
                            source.readBoolean());
            case REFUSED -> new FleetNews.Refused(adapterId);
            default ->
                    throw new IOException(
                            "news are of kind %d, expected 1 (need), 2 (target) or 3 (refused)"
                                    .formatted(kind));
        };
    }

    @Override
    public TypeSerializerSnapshot<FleetNews> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<FleetNews> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
