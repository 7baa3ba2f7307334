package io.rankstream.job.state;

import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.ScoreFields;
import io.rankstream.adapters.task.Tasks;
import io.rankstream.adapters.task.classification.PrequentialScore;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Keyed state {@code meta}: identity and progress, then the prequential score. */
public final class AdapterMetaSerializer extends ValueSerializer<AdapterMeta> {

    /** The serializer; it has no state. */
    public static final AdapterMetaSerializer INSTANCE = new AdapterMetaSerializer();

    /** 2 has the base model's family, 3 the score of any task. */
    private static final int FORMAT = 3;

    private static final int NUMBER = 1;
    private static final int NUMBERS = 2;
    private static final int REALS = 3;

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
        target.writeUTF(value.score().task().id());
        writeScore(value.score().fields(), target);
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
                readScore(writtenVersion, source));
    }

    /**
     * Fields by name. Before format 3 there were those of a classification alone, without their
     * names.
     */
    private static void writeScore(ScoreFields fields, DataOutputView target) throws IOException {
        target.writeInt(fields.values().size());
        for (Map.Entry<String, Object> field : fields.values().entrySet()) {
            target.writeUTF(field.getKey());
            if (field.getValue() instanceof Long number) {
                target.writeByte(NUMBER);
                target.writeLong(number);
            } else if (field.getValue() instanceof long[] numbers) {
                target.writeByte(NUMBERS);
                writeLongs(numbers, target);
            } else {
                target.writeByte(REALS);
                writeDoubles((double[]) field.getValue(), target);
            }
        }
    }

    private static Score<?> readScore(int writtenVersion, DataInputView source) throws IOException {
        return writtenVersion < 3
                ? new PrequentialScore(
                        source.readLong(), source.readLong(), readLongs(source), readLongs(source))
                : Tasks.of(source.readUTF()).score(readFields(source));
    }

    private static ScoreFields readFields(DataInputView source) throws IOException {
        int count = source.readInt();
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = source.readUTF();
            int kind = source.readByte();
            values.put(
                    name,
                    switch (kind) {
                        case NUMBER -> source.readLong();
                        case NUMBERS -> readLongs(source);
                        case REALS -> readDoubles(source);
                        default ->
                                throw new IOException(
                                        "the score's %s is of kind %d, expected 1 to 3"
                                                .formatted(name, kind));
                    });
        }
        return new ScoreFields(values);
    }

    private static void writeDoubles(double[] values, DataOutputView target) throws IOException {
        target.writeInt(values.length);
        for (double value : values) {
            target.writeDouble(value);
        }
    }

    private static double[] readDoubles(DataInputView source) throws IOException {
        double[] values = new double[source.readInt()];
        for (int i = 0; i < values.length; i++) {
            values[i] = source.readDouble();
        }
        return values;
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
