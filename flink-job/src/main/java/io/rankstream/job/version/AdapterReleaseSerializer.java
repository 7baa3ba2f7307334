package io.rankstream.job.version;

import io.rankstream.job.state.AdapterStateSerializer;
import io.rankstream.job.state.TrainingTemplateSerializer;
import io.rankstream.job.state.ValueSerializer;
import io.rankstream.job.state.ValueSerializerSnapshot;
import io.rankstream.job.state.ValueTypeInfo;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A release on its way to the sink: adapter and hyperparameters. */
public final class AdapterReleaseSerializer extends ValueSerializer<AdapterRelease> {

    /** The serializer; it has no state. */
    public static final AdapterReleaseSerializer INSTANCE = new AdapterReleaseSerializer();

    /** Type of a stream of releases. */
    public static final ValueTypeInfo<AdapterRelease> TYPE =
            new ValueTypeInfo<>(AdapterRelease.class, INSTANCE);

    private static final int FORMAT = 1;

    private AdapterReleaseSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(AdapterRelease value, DataOutputView target) throws IOException {
        AdapterStateSerializer.INSTANCE.serialize(value.state(), target);
        TrainingTemplateSerializer.INSTANCE.serialize(value.template(), target);
    }

    @Override
    protected AdapterRelease read(int writtenVersion, DataInputView source) throws IOException {
        return new AdapterRelease(
                AdapterStateSerializer.INSTANCE.deserialize(source),
                TrainingTemplateSerializer.INSTANCE.deserialize(source));
    }

    @Override
    public TypeSerializerSnapshot<AdapterRelease> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<AdapterRelease> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
