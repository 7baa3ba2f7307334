package io.rankstream.job.state;

import io.rankstream.adapters.drift.AlarmLog;
import io.rankstream.adapters.drift.DriftAlarm;
import io.rankstream.adapters.drift.DriftState;
import io.rankstream.adapters.drift.RecentState;
import io.rankstream.adapters.drift.detector.AdwinState;
import io.rankstream.adapters.drift.detector.CusumState;
import io.rankstream.adapters.drift.detector.DetectorKind;
import io.rankstream.adapters.drift.detector.DetectorState;
import io.rankstream.adapters.drift.input.InputState;
import java.io.IOException;
import java.util.Optional;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Keyed state {@code drift}: an outline with its checksum, then the vectors of the newest examples
 * and the means of inputs as checksummed blocks. An adapter that nobody watches has none. In format
 * 1, every detector bets, and nobody watches inputs.
 */
public final class DriftStateSerializer extends ValueSerializer<DriftState> {

    /** The serializer; it has no state. */
    public static final DriftStateSerializer INSTANCE = new DriftStateSerializer();

    private static final int FORMAT = 2;

    private DriftStateSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(DriftState value, DataOutputView target) throws IOException {
        DataOutputSerializer outline = new DataOutputSerializer(512);
        outline.writeLong(value.examples());
        write(value.detector(), outline);
        outline.writeDouble(value.lossQuantile());
        write(value.alarms(), outline);
        RecentState recent = value.recent();
        outline.writeInt(recent.features());
        write(recent.rows(), outline);
        outline.writeInt(recent.changed());
        outline.writeInt(recent.left());
        outline.writeInt(recent.next());
        outline.writeBoolean(value.inputs().isPresent());
        if (value.inputs().isPresent()) {
            write(value.inputs().get(), outline);
        }
        ByteBlock.write(outline.getCopyOfBuffer(), target);
        FloatBlock.write(recent.vectors(), target);
        if (value.inputs().isPresent()) {
            FloatBlock.write(value.inputs().get().newest(), target);
            FloatBlock.write(value.inputs().get().older(), target);
        }
    }

    /** All but the means. */
    private static void write(InputState inputs, DataOutputView outline) throws IOException {
        outline.writeLong(inputs.inputs());
        outline.writeDouble(inputs.doubt());
        write(inputs.confidence(), outline);
        outline.writeLong(inputs.vectors());
        outline.writeInt(inputs.newest().length);
        write(inputs.embedding(), outline);
    }

    private static void write(DetectorState detector, DataOutputView outline) throws IOException {
        outline.writeUTF(detector.kind().name());
        if (detector instanceof CusumState cusum) {
            write(cusum, outline);
        } else {
            write((AdwinState) detector, outline);
        }
    }

    private static void write(AdwinState detector, DataOutputView outline) throws IOException {
        outline.writeLong(detector.seen());
        write(detector.buckets(), outline);
        write(detector.surprises(), outline);
    }

    private static void write(int[] values, DataOutputView outline) throws IOException {
        outline.writeInt(values.length);
        for (int value : values) {
            outline.writeInt(value);
        }
    }

    private static void write(CusumState detector, DataOutputView outline) throws IOException {
        outline.writeLong(detector.seen());
        outline.writeDouble(detector.surprises());
        outline.writeDouble(detector.weight());
        outline.writeInt(detector.held());
        outline.writeInt(detector.heldCount());
        outline.writeByte(detector.evidence().length);
        for (int bet = 0; bet < detector.evidence().length; bet++) {
            outline.writeDouble(detector.evidence()[bet]);
            outline.writeInt(detector.lengths()[bet]);
            outline.writeInt(detector.surprisesSince()[bet]);
        }
    }

    private static void write(AlarmLog alarms, DataOutputView outline) throws IOException {
        outline.writeLong(alarms.raised());
        outline.writeLong(alarms.dismissed());
        outline.writeUTF(alarms.verdict().name());
        if (alarms.last().isPresent()) {
            DriftAlarm last = alarms.last().get();
            outline.writeLong(last.example());
            outline.writeLong(last.beginning());
            outline.writeDouble(last.before());
            outline.writeDouble(last.since());
        }
    }

    @Override
    protected DriftState read(int writtenVersion, DataInputView source) throws IOException {
        DataInputView outline =
                new DataInputDeserializer(ByteBlock.read("outline of changes", source));
        return new DriftState(
                outline.readLong(),
                readDetector(writtenVersion, outline),
                outline.readDouble(),
                readAlarms(outline),
                readRecent(outline, source),
                writtenVersion >= 2 && outline.readBoolean()
                        ? Optional.of(readInputs(outline, source))
                        : Optional.empty());
    }

    private static InputState readInputs(DataInputView outline, DataInputView source)
            throws IOException {
        long inputs = outline.readLong();
        double doubt = outline.readDouble();
        CusumState confidence = readCusum(outline);
        long vectors = outline.readLong();
        int features = outline.readInt();
        CusumState embedding = readCusum(outline);
        return new InputState(
                inputs,
                doubt,
                confidence,
                vectors,
                FloatBlock.read("mean of the newest inputs", features, source),
                FloatBlock.read("mean of older inputs", features, source),
                embedding);
    }

    private static DetectorState readDetector(int writtenVersion, DataInputView outline)
            throws IOException {
        DetectorKind kind =
                writtenVersion < 2 ? DetectorKind.CUSUM : DetectorKind.valueOf(outline.readUTF());
        return switch (kind) {
            case CUSUM -> readCusum(outline);
            case ADWIN -> new AdwinState(outline.readLong(), readInts(outline), readInts(outline));
        };
    }

    private static int[] readInts(DataInputView outline) throws IOException {
        int[] values = new int[outline.readInt()];
        for (int i = 0; i < values.length; i++) {
            values[i] = outline.readInt();
        }
        return values;
    }

    private static CusumState readCusum(DataInputView outline) throws IOException {
        long seen = outline.readLong();
        double surprises = outline.readDouble();
        double weight = outline.readDouble();
        int held = outline.readInt();
        int heldCount = outline.readInt();
        int bets = outline.readUnsignedByte();
        double[] evidence = new double[bets];
        int[] lengths = new int[bets];
        int[] surprisesSince = new int[bets];
        for (int bet = 0; bet < bets; bet++) {
            evidence[bet] = outline.readDouble();
            lengths[bet] = outline.readInt();
            surprisesSince[bet] = outline.readInt();
        }
        return new CusumState(
                seen, surprises, weight, held, heldCount, evidence, lengths, surprisesSince);
    }

    private static AlarmLog readAlarms(DataInputView outline) throws IOException {
        long raised = outline.readLong();
        long dismissed = outline.readLong();
        AlarmLog.Verdict verdict = AlarmLog.Verdict.valueOf(outline.readUTF());
        Optional<DriftAlarm> last =
                raised == 0
                        ? Optional.empty()
                        : Optional.of(
                                new DriftAlarm(
                                        outline.readLong(),
                                        outline.readLong(),
                                        outline.readDouble(),
                                        outline.readDouble()));
        return new AlarmLog(raised, dismissed, last, verdict);
    }

    private static RecentState readRecent(DataInputView outline, DataInputView source)
            throws IOException {
        int features = outline.readInt();
        int[] rows = readInts(outline);
        int changed = outline.readInt();
        int left = outline.readInt();
        int next = outline.readInt();
        return new RecentState(
                FloatBlock.read("newest examples", rows.length * features, source),
                rows,
                changed,
                left,
                next);
    }

    @Override
    public TypeSerializerSnapshot<DriftState> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<DriftState> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
