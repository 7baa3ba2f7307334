package io.rankstream.job.state;

import io.rankstream.adapters.mixture.MixtureState;
import io.rankstream.adapters.mixture.OnlineHeadState;
import io.rankstream.adapters.mixture.VoiceWeights;
import io.rankstream.adapters.mixture.WordState;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Keyed state {@code mixture}: labels and width, the voices' weights, the online head, the words.
 * An adapter whose head speaks alone has none.
 */
public final class MixtureStateSerializer extends ValueSerializer<MixtureState> {

    /** The serializer; it has no state. */
    public static final MixtureStateSerializer INSTANCE = new MixtureStateSerializer();

    private static final int FORMAT = 1;

    private MixtureStateSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(MixtureState value, DataOutputView target) throws IOException {
        target.writeInt(value.labels());
        target.writeInt(value.features());
        target.writeDouble(value.weights().head());
        target.writeDouble(value.weights().onlineHead());
        target.writeDouble(value.weights().words());
        OnlineHeadState head = value.onlineHead();
        target.writeFloat(head.scale());
        FloatBlock.write(head.weight(), target);
        FloatBlock.write(head.squares(), target);
        WordState words = value.words();
        target.writeInt(words.cells().length);
        for (int cell : words.cells()) {
            target.writeInt(cell);
        }
        FloatBlock.write(words.weight(), target);
        FloatBlock.write(words.squares(), target);
        FloatBlock.write(words.bias(), target);
        FloatBlock.write(words.biasSquares(), target);
    }

    @Override
    protected MixtureState read(int writtenVersion, DataInputView source) throws IOException {
        int labels = source.readInt();
        int features = source.readInt();
        return new MixtureState(
                features,
                new VoiceWeights(source.readDouble(), source.readDouble(), source.readDouble()),
                readOnlineHead(labels * (features + 1), source),
                readWords(labels, source));
    }

    private static OnlineHeadState readOnlineHead(int size, DataInputView source)
            throws IOException {
        return new OnlineHeadState(
                source.readFloat(),
                FloatBlock.read("online head", size, source),
                FloatBlock.read("online head's squared gradients", size, source));
    }

    private static WordState readWords(int labels, DataInputView source) throws IOException {
        int[] cells = new int[source.readInt()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = source.readInt();
        }
        return new WordState(
                cells,
                FloatBlock.read("weights of words", cells.length, source),
                FloatBlock.read("words' squared gradients", cells.length, source),
                FloatBlock.read("biases of labels", labels, source),
                FloatBlock.read("biases' squared gradients", labels, source));
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
