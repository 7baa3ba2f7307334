package io.rankstream.job.loop.vote;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.record.RawRecordSerializer;
import io.rankstream.job.state.Targets;
import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import io.rankstream.job.state.ValueTypeInfo;
import io.rankstream.schemas.VoteKind;
import java.io.IOException;
import java.util.Optional;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** A vote on its way to its input: ids, who, what it says, times, and the record it came in. */
public final class VoteSerializer extends ValueSerializer<Vote> {

    /** The serializer; it has no state. */
    public static final VoteSerializer INSTANCE = new VoteSerializer();

    /** Type of a stream of votes. */
    public static final ValueTypeInfo<Vote> TYPE = new ValueTypeInfo<>(Vote.class, INSTANCE);

    private static final int FORMAT = 1;

    private static final int VOTE = 1;
    private static final int SKIP = 2;
    private static final int RETRACT = 3;

    private VoteSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(Vote value, DataOutputView target) throws IOException {
        StringValue.writeString(value.labelId(), target);
        target.writeLong(value.revision());
        StringValue.writeString(value.exampleId(), target);
        StringValue.writeString(value.adapterId(), target);
        StringValue.writeString(value.requestId().orElse(null), target);
        StringValue.writeString(value.annotator(), target);
        write(value.kind(), target);
        write(value.label(), target);
        target.writeLong(value.labelRevision());
        target.writeLong(value.labeledAt());
        RawRecordSerializer.INSTANCE.serialize(value.origin(), target);
    }

    @Override
    protected Vote read(int writtenVersion, DataInputView source) throws IOException {
        return new Vote(
                StringValue.readString(source),
                source.readLong(),
                StringValue.readString(source),
                StringValue.readString(source),
                Optional.ofNullable(StringValue.readString(source)),
                StringValue.readString(source),
                readKind(source),
                readLabel(source),
                source.readLong(),
                source.readLong(),
                RawRecordSerializer.INSTANCE.deserialize(source));
    }

    /** Writes a kind as a byte. */
    static void write(VoteKind kind, DataOutputView target) throws IOException {
        target.writeByte(
                switch (kind) {
                    case VOTE -> VOTE;
                    case SKIP -> SKIP;
                    case RETRACT -> RETRACT;
                    case UNKNOWN ->
                            throw new IOException("a vote of an unknown kind is not to be kept");
                });
    }

    /** Reads what {@link #write(VoteKind, DataOutputView)} wrote. */
    static VoteKind readKind(DataInputView source) throws IOException {
        int kind = source.readByte();
        return switch (kind) {
            case VOTE -> VoteKind.VOTE;
            case SKIP -> VoteKind.SKIP;
            case RETRACT -> VoteKind.RETRACT;
            default ->
                    throw new IOException(
                            "a vote is of kind %d, expected 1 (vote), 2 (skip) or 3 (retract)"
                                    .formatted(kind));
        };
    }

    /** Writes a label, or that there is none. */
    static void write(Optional<Target> label, DataOutputView target) throws IOException {
        target.writeBoolean(label.isPresent());
        if (label.isPresent()) {
            Targets.write(label.get(), target);
        }
    }

    /** Reads what {@link #write(Optional, DataOutputView)} wrote. */
    static Optional<Target> readLabel(DataInputView source) throws IOException {
        return source.readBoolean() ? Optional.of(Targets.read(true, source)) : Optional.empty();
    }

    @Override
    public TypeSerializerSnapshot<Vote> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<Vote> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
