package io.rankstream.job.loop.entry;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.input.ModelVersionForm;
import io.rankstream.job.loop.quality.DrawnInput;
import io.rankstream.job.loop.vote.BallotForm;
import io.rankstream.job.loop.vote.Vote;
import io.rankstream.job.loop.vote.VoteSerializer;
import io.rankstream.job.state.Targets;
import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * An entry in state: phase, whether its time was in doubt, times, the input if it has come, votes
 * wanted, newest request, decision, votes, votes that are parked.
 */
public final class EntrySerializer extends ValueSerializer<Entry> {

    /** The serializer; it has no state. */
    public static final EntrySerializer INSTANCE = new EntrySerializer();

    private static final int FORMAT = 2;

    /**
     * The first format that knows whether the stream's time was in doubt, whether annotators were
     * compared, and the probability of a uniform draw.
     */
    private static final int WITH_DOUBT = 2;

    private EntrySerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(Entry value, DataOutputView target) throws IOException {
        target.writeByte(value.phase().code());
        target.writeLong(value.openedAt());
        target.writeBoolean(value.doubted());
        target.writeLong(value.expiresAt());
        target.writeLong(value.forgetAt());
        target.writeBoolean(value.input().isPresent());
        if (value.input().isPresent()) {
            write(value.input().get(), target);
        }
        target.writeInt(value.wanted());
        target.writeInt(value.asked().number());
        target.writeInt(value.asked().wanted());
        target.writeInt(value.asked().answered());
        target.writeBoolean(value.asked().open());
        target.writeLong(value.decision().count());
        write(value.decision().label(), target);
        write(value.decision().trained(), target);
        target.writeBoolean(value.compared());
        BallotForm.write(value.ballot(), target);
        target.writeInt(value.parked().size());
        for (Vote vote : value.parked()) {
            VoteSerializer.INSTANCE.serialize(vote, target);
        }
    }

    @Override
    protected Entry read(int writtenVersion, DataInputView source) throws IOException {
        return new Entry(
                Phase.of(source.readByte()),
                source.readLong(),
                writtenVersion >= WITH_DOUBT && source.readBoolean(),
                source.readLong(),
                source.readLong(),
                source.readBoolean()
                        ? Optional.of(readInput(writtenVersion, source))
                        : Optional.empty(),
                source.readInt(),
                new Asked(
                        source.readInt(), source.readInt(), source.readInt(), source.readBoolean()),
                new Decision(source.readLong(), readTarget(source), readTarget(source)),
                writtenVersion >= WITH_DOUBT && source.readBoolean(),
                BallotForm.read(source),
                readParked(source));
    }

    private static void write(KeptInput input, DataOutputView target) throws IOException {
        target.writeLong(input.eventTime());
        write(input.predicted(), target);
        ModelVersionForm.write(input.version(), target);
        target.writeLong(input.step());
        target.writeDouble(input.drawn().inclusionProbability());
        target.writeBoolean(input.drawn().selected());
        target.writeBoolean(input.drawn().uniform());
        target.writeDouble(input.drawn().uniformProbability());
        target.writeByte(input.drawn().stratum());
        target.writeDouble(input.drawn().probability());
        target.writeBoolean(input.question().isPresent());
        if (input.question().isPresent()) {
            write(input.question().get(), target);
        }
    }

    private static KeptInput readInput(int writtenVersion, DataInputView source)
            throws IOException {
        return new KeptInput(
                source.readLong(),
                readTarget(source),
                ModelVersionForm.read(source),
                source.readLong(),
                readDrawn(writtenVersion, source),
                source.readBoolean() ? Optional.of(readQuestion(source)) : Optional.empty());
    }

    /** What was drawn uniformly before that was known counts by the probability of any draw. */
    private static DrawnInput readDrawn(int writtenVersion, DataInputView source)
            throws IOException {
        double inclusionProbability = source.readDouble();
        return new DrawnInput(
                inclusionProbability,
                source.readBoolean(),
                source.readBoolean(),
                writtenVersion >= WITH_DOUBT ? source.readDouble() : inclusionProbability,
                source.readByte(),
                source.readDouble());
    }

    private static void write(Question question, DataOutputView target) throws IOException {
        StringValue.writeString(question.text(), target);
        StringValue.writeString(question.pair().orElse(null), target);
        target.writeInt(question.metadata().size());
        for (Map.Entry<String, String> each : question.metadata().entrySet()) {
            StringValue.writeString(each.getKey(), target);
            StringValue.writeString(each.getValue(), target);
        }
        target.writeInt(question.labels().size());
        for (String label : question.labels()) {
            StringValue.writeString(label, target);
        }
        target.writeLong(question.labelRevision());
    }

    private static Question readQuestion(DataInputView source) throws IOException {
        String text = StringValue.readString(source);
        Optional<String> pair = Optional.ofNullable(StringValue.readString(source));
        Map<String, String> metadata = new LinkedHashMap<>();
        int names = source.readInt();
        for (int i = 0; i < names; i++) {
            metadata.put(StringValue.readString(source), StringValue.readString(source));
        }
        List<String> labels = new ArrayList<>();
        int count = source.readInt();
        for (int i = 0; i < count; i++) {
            labels.add(StringValue.readString(source));
        }
        return new Question(text, pair, metadata, labels, source.readLong());
    }

    private static void write(Optional<Target> value, DataOutputView target) throws IOException {
        target.writeBoolean(value.isPresent());
        if (value.isPresent()) {
            Targets.write(value.get(), target);
        }
    }

    private static Optional<Target> readTarget(DataInputView source) throws IOException {
        return source.readBoolean() ? Optional.of(Targets.read(true, source)) : Optional.empty();
    }

    private static List<Vote> readParked(DataInputView source) throws IOException {
        int count = source.readInt();
        List<Vote> parked = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parked.add(VoteSerializer.INSTANCE.deserialize(source));
        }
        return parked;
    }

    @Override
    public TypeSerializerSnapshot<Entry> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<Entry> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
