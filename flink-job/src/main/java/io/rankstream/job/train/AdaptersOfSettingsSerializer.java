package io.rankstream.job.train;

import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.settings.FixedSettings;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.job.state.FixedSettingsSerializer;
import io.rankstream.job.state.LabelSetSerializer;
import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import io.rankstream.job.state.ValueTypeInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Operator state {@code fixed-settings}: settings, then the ids of the adapters that have them;
 * from format 2 on, method and labels as far as they are known.
 */
public final class AdaptersOfSettingsSerializer extends ValueSerializer<AdaptersOfSettings> {

    /** The serializer; it has no state. */
    public static final AdaptersOfSettingsSerializer INSTANCE = new AdaptersOfSettingsSerializer();

    /** Type of a stream of them. */
    public static final ValueTypeInfo<AdaptersOfSettings> TYPE =
            new ValueTypeInfo<>(AdaptersOfSettings.class, INSTANCE);

    private static final int FORMAT = 2;

    private static final String UNKNOWN = "";

    private AdaptersOfSettingsSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(AdaptersOfSettings value, DataOutputView target) throws IOException {
        NotedSettings settings = value.settings();
        FixedSettingsSerializer.INSTANCE.serialize(settings.fixed(), target);
        target.writeInt(value.adapterIds().size());
        for (String adapterId : value.adapterIds()) {
            target.writeUTF(adapterId);
        }
        target.writeUTF(settings.method().map(Method::name).orElse(UNKNOWN));
        target.writeBoolean(settings.labels().isPresent());
        if (settings.labels().isPresent()) {
            LabelSetSerializer.INSTANCE.serialize(settings.labels().get(), target);
        }
    }

    @Override
    protected AdaptersOfSettings read(int writtenVersion, DataInputView source) throws IOException {
        FixedSettings settings = FixedSettingsSerializer.INSTANCE.deserialize(source);
        int count = source.readInt();
        List<String> adapterIds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            adapterIds.add(source.readUTF());
        }
        return new AdaptersOfSettings(
                writtenVersion == 1
                        ? new NotedSettings(settings, Optional.empty(), Optional.empty())
                        : new NotedSettings(settings, method(source), labels(source)),
                adapterIds);
    }

    private static Optional<Method> method(DataInputView source) throws IOException {
        String name = source.readUTF();
        return name.equals(UNKNOWN) ? Optional.empty() : Optional.of(Method.valueOf(name));
    }

    private static Optional<LabelSet> labels(DataInputView source) throws IOException {
        return source.readBoolean()
                ? Optional.of(LabelSetSerializer.INSTANCE.deserialize(source))
                : Optional.empty();
    }

    @Override
    public TypeSerializerSnapshot<AdaptersOfSettings> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<AdaptersOfSettings> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
