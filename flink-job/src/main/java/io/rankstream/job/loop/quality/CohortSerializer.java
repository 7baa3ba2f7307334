package io.rankstream.job.loop.quality;

import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Sums over the inputs of an hour. */
public final class CohortSerializer extends ValueSerializer<Cohort> {

    /** The serializer; it has no state. */
    public static final CohortSerializer INSTANCE = new CohortSerializer();

    private static final int FORMAT = 2;

    /** The first format in which inputs of the uniform share have weights. */
    private static final int WITH_WEIGHTS = 2;

    private CohortSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(Cohort value, DataOutputView target) throws IOException {
        CohortCounts counts = value.counts();
        target.writeLong(counts.inputs());
        target.writeLong(counts.excluded());
        target.writeLong(counts.asked());
        target.writeLong(counts.returned());
        target.writeLong(counts.expired());
        target.writeLong(counts.skipped());
        target.writeLong(counts.conflicts());
        target.writeLong(counts.corrected());
        target.writeLong(counts.judged());
        target.writeLong(counts.right());
        target.writeLong(counts.uniformJudged());
        target.writeDouble(counts.uniformWeight());
        target.writeDouble(counts.uniformRight());
        target.writeInt(value.strata().size());
        for (StratumSums stratum : value.strata()) {
            write(stratum, target);
        }
        target.writeInt(value.delays().counts().size());
        for (Map.Entry<Integer, Long> bin : value.delays().counts().entrySet()) {
            target.writeInt(bin.getKey());
            target.writeLong(bin.getValue());
        }
    }

    private static void write(StratumSums value, DataOutputView target) throws IOException {
        target.writeLong(value.inputs());
        target.writeDouble(value.probability());
        target.writeLong(value.asked());
        target.writeDouble(value.askedWeight());
        target.writeLong(value.returned());
        write(value.first(), target);
        write(value.second(), target);
        target.writeInt(value.classes().size());
        for (Map.Entry<String, ClassSums> of : value.classes().entrySet()) {
            target.writeUTF(of.getKey());
            target.writeLong(of.getValue().labels());
            target.writeDouble(of.getValue().weight());
            target.writeDouble(of.getValue().right());
        }
    }

    private static void write(WeightedSums value, DataOutputView target) throws IOException {
        target.writeDouble(value.weight());
        target.writeDouble(value.right());
        target.writeDouble(value.probability());
        target.writeDouble(value.both());
        target.writeDouble(value.square());
    }

    @Override
    protected Cohort read(int writtenVersion, DataInputView source) throws IOException {
        CohortCounts counts = counts(writtenVersion, source);
        List<StratumSums> strata = new ArrayList<>();
        int size = source.readInt();
        for (int i = 0; i < size; i++) {
            strata.add(stratum(source));
        }
        return new Cohort(counts, strata, delays(source));
    }

    private static CohortCounts counts(int writtenVersion, DataInputView source)
            throws IOException {
        long inputs = source.readLong();
        long excluded = source.readLong();
        long asked = source.readLong();
        long returned = source.readLong();
        long expired = source.readLong();
        long skipped = source.readLong();
        long conflicts = source.readLong();
        long corrected = source.readLong();
        long judged = source.readLong();
        long right = source.readLong();
        long uniformJudged = source.readLong();
        boolean isWeighted = writtenVersion >= WITH_WEIGHTS;
        return new CohortCounts(
                inputs,
                excluded,
                asked,
                returned,
                expired,
                skipped,
                conflicts,
                corrected,
                judged,
                right,
                uniformJudged,
                isWeighted ? source.readDouble() : uniformJudged,
                isWeighted ? source.readDouble() : source.readLong());
    }

    private static StratumSums stratum(DataInputView source) throws IOException {
        return new StratumSums(
                source.readLong(),
                source.readDouble(),
                source.readLong(),
                source.readDouble(),
                source.readLong(),
                sums(source),
                sums(source),
                classes(source));
    }

    private static WeightedSums sums(DataInputView source) throws IOException {
        return new WeightedSums(
                source.readDouble(),
                source.readDouble(),
                source.readDouble(),
                source.readDouble(),
                source.readDouble());
    }

    private static SortedMap<String, ClassSums> classes(DataInputView source) throws IOException {
        SortedMap<String, ClassSums> classes = new TreeMap<>();
        int size = source.readInt();
        for (int i = 0; i < size; i++) {
            classes.put(
                    source.readUTF(),
                    new ClassSums(source.readLong(), source.readDouble(), source.readDouble()));
        }
        return classes;
    }

    private static DelayHistogram delays(DataInputView source) throws IOException {
        SortedMap<Integer, Long> counts = new TreeMap<>();
        int size = source.readInt();
        for (int i = 0; i < size; i++) {
            counts.put(source.readInt(), source.readLong());
        }
        return new DelayHistogram(counts);
    }

    @Override
    public TypeSerializerSnapshot<Cohort> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<Cohort> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
