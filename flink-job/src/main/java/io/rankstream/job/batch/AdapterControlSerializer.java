package io.rankstream.job.batch;

import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * Keyed state {@code control}: revision, pause, examples held, ids of the newest commands, from
 * format 2 on the labels that commands have added, and from format 3 on whether a batch was handed
 * on, which earlier ones do not rule out.
 */
public final class AdapterControlSerializer extends ValueSerializer<AdapterControl> {

    /** The serializer; it has no state. */
    public static final AdapterControlSerializer INSTANCE = new AdapterControlSerializer();

    private static final int FORMAT = 3;

    private AdapterControlSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(AdapterControl value, DataOutputView target) throws IOException {
        target.writeLong(value.revision());
        target.writeBoolean(value.paused());
        target.writeLong(value.heldFrom());
        target.writeLong(value.heldTo());
        writeTexts(value.newest(), target);
        writeTexts(value.addedLabels(), target);
        target.writeBoolean(value.handedOn());
    }

    @Override
    protected AdapterControl read(int writtenVersion, DataInputView source) throws IOException {
        long revision = source.readLong();
        boolean paused = source.readBoolean();
        long heldFrom = source.readLong();
        long heldTo = source.readLong();
        List<String> newest = readTexts(source);
        List<String> added = writtenVersion == 1 ? List.of() : readTexts(source);
        boolean handedOn = writtenVersion < 3 || source.readBoolean();
        return new AdapterControl(revision, paused, heldFrom, heldTo, newest, added, handedOn);
    }

    private static void writeTexts(List<String> texts, DataOutputView target) throws IOException {
        target.writeInt(texts.size());
        for (String text : texts) {
            StringValue.writeString(text, target);
        }
    }

    private static List<String> readTexts(DataInputView source) throws IOException {
        int count = source.readInt();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(StringValue.readString(source));
        }
        return texts;
    }

    @Override
    public TypeSerializerSnapshot<AdapterControl> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<AdapterControl> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
