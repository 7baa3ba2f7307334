package io.rankstream.job.state;

import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.settings.FixedSettings;
import io.rankstream.adapters.state.BaseModel;
import io.rankstream.adapters.task.HeadKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** What an adapter keeps for its life: base model, rank, alpha, head, modules. */
public final class FixedSettingsSerializer extends ValueSerializer<FixedSettings> {

    /** The serializer; it has no state. */
    public static final FixedSettingsSerializer INSTANCE = new FixedSettingsSerializer();

    /** 2 has the base model's family, 3 the task and the form of the head. */
    private static final int FORMAT = 3;

    private FixedSettingsSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(FixedSettings value, DataOutputView target) throws IOException {
        BaseModels.write(value.baseModel(), target);
        target.writeInt(value.initRank());
        target.writeDouble(value.alpha());
        HeadKinds.write(value.head(), target);
        target.writeInt(value.modules().size());
        for (ModuleShape module : value.modules()) {
            target.writeUTF(module.name());
            target.writeInt(module.in());
            target.writeInt(module.out());
        }
    }

    @Override
    protected FixedSettings read(int writtenVersion, DataInputView source) throws IOException {
        BaseModel baseModel = BaseModels.read(writtenVersion, source);
        int initRank = source.readInt();
        double alpha = source.readDouble();
        HeadKind head = HeadKinds.read(writtenVersion >= 3, source);
        int count = source.readInt();
        List<ModuleShape> modules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            modules.add(new ModuleShape(source.readUTF(), source.readInt(), source.readInt()));
        }
        return new FixedSettings(baseModel, modules, initRank, alpha, head);
    }

    @Override
    public TypeSerializerSnapshot<FixedSettings> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<FixedSettings> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
