package io.rankstream.job.state;

import io.rankstream.adapters.mixture.MixtureState;
import io.rankstream.adapters.mixture.OnlineHeadState;
import io.rankstream.adapters.mixture.VoiceWeights;
import io.rankstream.adapters.mixture.WordState;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Keyed state {@code mixture}: an outline with its checksum, then the numbers of the online head
 * and of the words as checksummed blocks. An adapter whose head speaks alone has none.
 */
public final class MixtureStateSerializer extends ValueSerializer<MixtureState> {

    /** The serializer; it has no state. */
    public static final MixtureStateSerializer INSTANCE = new MixtureStateSerializer();

    private static final int FORMAT = 1;

    /** Labels, width, three weights and a scale; the words' cells follow. */
    private static final int OUTLINE_BYTES = 2 * Integer.BYTES + 3 * Double.BYTES + Float.BYTES;

    private MixtureStateSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(MixtureState value, DataOutputView target) throws IOException {
        OnlineHeadState head = value.onlineHead();
        WordState words = value.words();
        DataOutputSerializer outline = new DataOutputSerializer(OUTLINE_BYTES);
        outline.writeInt(value.labels());
        outline.writeInt(value.features());
        outline.writeDouble(value.weights().head());
        outline.writeDouble(value.weights().onlineHead());
        outline.writeDouble(value.weights().words());
        outline.writeFloat(head.scale());
        for (int cell : words.cells()) {
            outline.writeInt(cell);
        }
        byte[] bytes = outline.getCopyOfBuffer();
        target.writeInt(words.cells().length);
        target.write(bytes);
        target.writeInt(FloatBlock.checksum(bytes));
        FloatBlock.write(head.weight(), target);
        FloatBlock.write(head.squares(), target);
        FloatBlock.write(words.weight(), target);
        FloatBlock.write(words.squares(), target);
        FloatBlock.write(words.bias(), target);
        FloatBlock.write(words.biasSquares(), target);
    }

    @Override
    protected MixtureState read(int writtenVersion, DataInputView source) throws IOException {
        int count = source.readInt();
        if (count < 0 || count > WordState.MOST_CELLS) {
            throw new IOException(
                    "the mixture has weights of %d words and labels, expected %d at most: this state is damaged, restore from another checkpoint or savepoint"
                            .formatted(count, WordState.MOST_CELLS));
        }
        byte[] bytes = new byte[OUTLINE_BYTES + count * Integer.BYTES];
        source.readFully(bytes);
        FloatBlock.requireChecksum(
                "outline of the mixture", source.readInt(), FloatBlock.checksum(bytes));
        return read(count, new DataInputDeserializer(bytes), source);
    }

    private static MixtureState read(int count, DataInputView outline, DataInputView source)
            throws IOException {
        int labels = outline.readInt();
        int features = outline.readInt();
        VoiceWeights weights =
                new VoiceWeights(outline.readDouble(), outline.readDouble(), outline.readDouble());
        float scale = outline.readFloat();
        int[] cells = new int[count];
        for (int i = 0; i < count; i++) {
            cells[i] = outline.readInt();
        }
        int size = labels * (features + 1);
        return new MixtureState(
                features,
                weights,
                new OnlineHeadState(
                        scale,
                        FloatBlock.read("online head", size, source),
                        FloatBlock.read("online head's squared gradients", size, source)),
                new WordState(
                        cells,
                        FloatBlock.read("weights of words", count, source),
                        FloatBlock.read("words' squared gradients", count, source),
                        FloatBlock.read("biases of labels", labels, source),
                        FloatBlock.read("biases' squared gradients", labels, source)));
    }

    @Override
    public TypeSerializerSnapshot<MixtureState> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<MixtureState> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
