package io.rankstream.job.state;

import io.rankstream.adapters.replay.KeptExample;
import io.rankstream.adapters.replay.MeaningsState;
import io.rankstream.adapters.replay.ReplayDraw;
import io.rankstream.adapters.replay.ReplaySettings;
import io.rankstream.adapters.replay.ReplayState;
import io.rankstream.adapters.tokens.Tokens;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Keyed state {@code replay}: one block with its checksum. An adapter that keeps no examples has
 * none.
 */
public final class ReplayStateSerializer extends ValueSerializer<ReplayState> {

    /** The serializer; it has no state. */
    public static final ReplayStateSerializer INSTANCE = new ReplayStateSerializer();

    private static final int FORMAT = 1;

    /** Beside the tokens of examples there are some numbers of each, and of each class. */
    private static final int MOST_BYTES = 2 * ReplaySettings.MOST_BYTES;

    private static final String DAMAGED =
            "kept examples take %d bytes, expected %d at most: this state is damaged, restore from another checkpoint or savepoint";

    private ReplayStateSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(ReplayState value, DataOutputView target) throws IOException {
        DataOutputSerializer block = new DataOutputSerializer(value.bytes() + 1024);
        block.writeInt(value.examples().size());
        for (KeptExample example : value.examples()) {
            block.writeLong(example.number());
            block.writeInt(example.row());
            block.writeDouble(example.value());
            block.writeInt(example.tokens().second());
            writeInts(example.tokens().ids(), block);
        }
        writeLongs(value.bars(), block);
        block.writeDouble(value.position().owed());
        block.writeInt(value.position().lastRow());
        writeLongs(value.position().last(), block);
        MeaningsState meanings = value.meanings();
        block.writeLong(meanings.examples());
        writeInts(meanings.truths(), block);
        writeInts(meanings.said(), block);
        writeLongs(meanings.first(), block);
        block.writeLong(meanings.beginning());
        block.writeBoolean(meanings.isCertain());
        writeInts(meanings.suspects(), block);
        byte[] bytes = block.getCopyOfBuffer();
        target.writeInt(bytes.length);
        target.write(bytes);
        target.writeInt(FloatBlock.checksum(bytes));
    }

    @Override
    protected ReplayState read(int writtenVersion, DataInputView source) throws IOException {
        int length = source.readInt();
        if (length < 0 || length > MOST_BYTES) {
            throw new IOException(DAMAGED.formatted(length, MOST_BYTES));
        }
        byte[] bytes = new byte[length];
        source.readFully(bytes);
        FloatBlock.requireChecksum("kept examples", source.readInt(), FloatBlock.checksum(bytes));
        DataInputView block = new DataInputDeserializer(bytes);
        return new ReplayState(
                readExamples(block),
                readLongs(block),
                new ReplayDraw.Position(block.readDouble(), block.readInt(), readLongs(block)),
                new MeaningsState(
                        block.readLong(),
                        readInts(block),
                        readInts(block),
                        readLongs(block),
                        block.readLong(),
                        block.readBoolean(),
                        readInts(block)));
    }

    private static List<KeptExample> readExamples(DataInputView block) throws IOException {
        List<KeptExample> examples = new ArrayList<>();
        int count = block.readInt();
        for (int i = 0; i < count; i++) {
            long number = block.readLong();
            int row = block.readInt();
            double value = block.readDouble();
            int second = block.readInt();
            examples.add(
                    new KeptExample(
                            number, row, value, new Tokens(readInts(block), second, false)));
        }
        return examples;
    }

    private static void writeInts(int[] values, DataOutputView block) throws IOException {
        block.writeInt(values.length);
        for (int value : values) {
            block.writeInt(value);
        }
    }

    private static int[] readInts(DataInputView block) throws IOException {
        int[] values = new int[block.readInt()];
        for (int i = 0; i < values.length; i++) {
            values[i] = block.readInt();
        }
        return values;
    }

    private static void writeLongs(long[] values, DataOutputView block) throws IOException {
        block.writeInt(values.length);
        for (long value : values) {
            block.writeLong(value);
        }
    }

    private static long[] readLongs(DataInputView block) throws IOException {
        long[] values = new long[block.readInt()];
        for (int i = 0; i < values.length; i++) {
            values[i] = block.readLong();
        }
        return values;
    }

    @Override
    public TypeSerializerSnapshot<ReplayState> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<ReplayState> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
