package io.rankstream.job.state;

import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.task.classification.PrequentialScore;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Keyed state {@code meta}: identity and progress, then the prequential score. */
public final class AdapterMetaSerializer extends ValueSerializer<AdapterMeta> {

    /** The serializer; it has no state. */
    public static final AdapterMetaSerializer INSTANCE = new AdapterMetaSerializer();

    /** 2 has the base model's family. */
    private static final int FORMAT = 2;

    private AdapterMetaSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(AdapterMeta value, DataOutputView target) throws IOException {
        target.writeUTF(value.adapterId());
        BaseModels.write(value.baseModel(), target);
        target.writeLong(value.seed());
        target.writeLong(value.step());
        target.writeLong(value.version());
        target.writeLong(value.publishedStep());
        target.writeLong(value.truncated());
        writeScore(value.score(), target);
    }

    @Override
    protected AdapterMeta read(int writtenVersion, DataInputView source) throws IOException {
        return new AdapterMeta(
                source.readUTF(),
                BaseModels.read(writtenVersion, source),
                source.readLong(),
                source.readLong(),
                source.readLong(),
                source.readLong(),
                source.readLong(),
                readScore(source));
    }

    private static void writeScore(PrequentialScore score, DataOutputView target)
            throws IOException {
        target.writeLong(score.examples());
        target.writeLong(score.correct());
        writeLongs(score.labelCounts(), target);
        writeLongs(score.window(), target);
    }

    private static PrequentialScore readScore(DataInputView source) throws IOException {
        return new PrequentialScore(
                source.readLong(), source.readLong(), readLongs(source), readLongs(source));
    }

    private static void writeLongs(long[] values, DataOutputView target) throws IOException {
        target.writeInt(values.length);
        for (long value : values) {
            target.writeLong(value);
        }
    }

    private static long[] readLongs(DataInputView source) throws IOException {
        long[] values = new long[source.readInt()];
        for (int i = 0; i < values.length; i++) {
            values[i] = source.readLong();
        }
        return values;
    }

    @Override
    public TypeSerializerSnapshot<AdapterMeta> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<AdapterMeta> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
