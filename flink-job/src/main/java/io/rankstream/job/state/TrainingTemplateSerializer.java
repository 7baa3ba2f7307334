package io.rankstream.job.state;

import io.rankstream.adapters.adalora.BudgetSchedule;
import io.rankstream.adapters.adalora.ConstantBudgetSchedule;
import io.rankstream.adapters.adalora.Counted;
import io.rankstream.adapters.adalora.FiniteBudgetSchedule;
import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.drift.DriftMode;
import io.rankstream.adapters.drift.DriftSettings;
import io.rankstream.adapters.drift.detector.DetectorKind;
import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.method.OrthogonalityPenalty;
import io.rankstream.adapters.probe.ProbeSettings;
import io.rankstream.adapters.replay.ReplaySettings;
import io.rankstream.adapters.settings.LearningRateSchedule;
import io.rankstream.adapters.settings.OptimizerSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.task.HeadKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Hyperparameters that travel with a release: field after field. */
public final class TrainingTemplateSerializer extends ValueSerializer<TrainingTemplate> {

    /** The serializer; it has no state. */
    public static final TrainingTemplateSerializer INSTANCE = new TrainingTemplateSerializer();

    /**
     * Version 2 knows what warm-ups are counted in; before, that was steps. Version 3 knows tasks
     * and forms of the head, version 4 the mixture, version 5 the watch over changes, version 6 its
     * detector, the watch over inputs, probes and replay.
     */
    private static final int FORMAT = 6;

    private static final int STREAMING = 1;
    private static final int FINITE = 2;
    private static final int CONSTANT = 3;

    private TrainingTemplateSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(TrainingTemplate value, DataOutputView target) throws IOException {
        writeStrings(value.labels(), target);
        HeadKinds.write(value.head(), target);
        target.writeUTF(value.method().name());
        writeStrings(value.targetModules(), target);
        target.writeInt(value.initRank());
        target.writeDouble(value.alpha());
        target.writeDouble(value.dropout());
        value.schedule().match(new ScheduleWriter(target));
        target.writeDouble(value.sensitivityDecay());
        target.writeDouble(value.uncertaintyDecay());
        target.writeDouble(value.orthogonality().coefficient());
        target.writeUTF(value.orthogonality().form().name());
        writeOptimizer(value.optimizer(), target);
        target.writeInt(value.examplesPerPass());
        target.writeLong(value.seed());
        target.writeBoolean(value.mixture());
        target.writeUTF(value.drift().mode().name());
        target.writeLong(value.drift().runLength());
        target.writeUTF(value.drift().detector().name());
        target.writeBoolean(value.drift().inputs());
        target.writeDouble(value.probes().share());
        target.writeInt(value.probes().period());
        target.writeDouble(value.replay().share());
        target.writeInt(value.replay().maxBytes());
    }

    @Override
    protected TrainingTemplate read(int writtenVersion, DataInputView source) throws IOException {
        List<String> labels = readStrings(source);
        HeadKind head = HeadKinds.read(writtenVersion >= 3, source);
        return TrainingTemplate.of(head.task())
                .labels(labels)
                .head(head.form())
                .pooling(head.pooling())
                .method(Method.valueOf(source.readUTF()))
                .targetModules(readStrings(source))
                .initRank(source.readInt())
                .alpha(source.readDouble())
                .dropout(source.readDouble())
                .schedule(readSchedule(writtenVersion, source))
                .sensitivityDecay(source.readDouble())
                .uncertaintyDecay(source.readDouble())
                .orthogonality(
                        new OrthogonalityPenalty(
                                source.readDouble(),
                                OrthogonalityPenalty.Form.valueOf(source.readUTF())))
                .optimizer(readOptimizer(writtenVersion, source))
                .examplesPerPass(source.readInt())
                .seed(source.readLong())
                .mixture(writtenVersion >= 4 && source.readBoolean())
                .drift(readDrift(writtenVersion, source))
                .probes(
                        writtenVersion < 6
                                ? ProbeSettings.DEFAULTS
                                : new ProbeSettings(source.readDouble(), source.readInt()))
                .replay(readReplay(writtenVersion, source))
                .build();
    }

    /** Writes a schedule of any form. */
    private record ScheduleWriter(DataOutputView target)
            implements BudgetSchedule.Cases<Void, IOException> {

        @Override
        public Void streaming(StreamingBudgetSchedule schedule) throws IOException {
            target.writeByte(STREAMING);
            target.writeUTF(schedule.counted().name());
            target.writeLong(schedule.warmup());
            target.writeLong(schedule.ramp());
            target.writeInt(schedule.maskInterval());
            target.writeInt(schedule.targetRank());
            return null;
        }

        @Override
        public Void finite(FiniteBudgetSchedule schedule) throws IOException {
            target.writeByte(FINITE);
            target.writeLong(schedule.totalSteps());
            target.writeLong(schedule.warmupSteps());
            target.writeLong(schedule.finalSteps());
            target.writeInt(schedule.maskInterval());
            target.writeInt(schedule.targetRank());
            return null;
        }

        @Override
        public Void constant() throws IOException {
            target.writeByte(CONSTANT);
            return null;
        }
    }

    private static BudgetSchedule readSchedule(int writtenVersion, DataInputView source)
            throws IOException {
        int kind = source.readByte();
        return switch (kind) {
            case STREAMING ->
                    new StreamingBudgetSchedule(
                            readCounted(writtenVersion, source),
                            source.readLong(),
                            source.readLong(),
                            source.readInt(),
                            source.readInt());
            case FINITE ->
                    new FiniteBudgetSchedule(
                            source.readLong(),
                            source.readLong(),
                            source.readLong(),
                            source.readInt(),
                            source.readInt());
            case CONSTANT -> new ConstantBudgetSchedule();
            default ->
                    throw new IOException(
                            "budget schedule has kind "
                                    + kind
                                    + ", expected 1 (streaming), 2 (finite) or 3 (constant)");
        };
    }

    private static DriftSettings readDrift(int writtenVersion, DataInputView source)
            throws IOException {
        if (writtenVersion < 5) {
            return new DriftSettings(
                    DriftMode.OFF, DetectorKind.CUSUM, DriftSettings.DEFAULTS.runLength(), false);
        }
        DriftMode mode = DriftMode.valueOf(source.readUTF());
        long runLength = source.readLong();
        DetectorKind detector =
                writtenVersion < 6 ? DetectorKind.CUSUM : DetectorKind.valueOf(source.readUTF());
        return new DriftSettings(
                mode, detector, runLength, writtenVersion >= 6 && source.readBoolean());
    }

    private static ReplaySettings readReplay(int writtenVersion, DataInputView source)
            throws IOException {
        return writtenVersion < 6
                ? new ReplaySettings(0, ReplaySettings.DEFAULTS.maxBytes())
                : new ReplaySettings(source.readDouble(), source.readInt());
    }

    private static void writeOptimizer(OptimizerSettings optimizer, DataOutputView target)
            throws IOException {
        target.writeDouble(optimizer.learningRate());
        target.writeDouble(optimizer.headLearningRate());
        target.writeDouble(optimizer.beta1());
        target.writeDouble(optimizer.beta2());
        target.writeDouble(optimizer.epsilon());
        target.writeDouble(optimizer.weightDecay());
        target.writeDouble(optimizer.maxGradientNorm());
        target.writeUTF(optimizer.learningRateSchedule().counted().name());
        target.writeLong(optimizer.learningRateSchedule().warmup());
        target.writeLong(optimizer.learningRateSchedule().decayEndStep());
    }

    private static OptimizerSettings readOptimizer(int writtenVersion, DataInputView source)
            throws IOException {
        return new OptimizerSettings(
                source.readDouble(),
                source.readDouble(),
                source.readDouble(),
                source.readDouble(),
                source.readDouble(),
                source.readDouble(),
                source.readDouble(),
                new LearningRateSchedule(
                        readCounted(writtenVersion, source), source.readLong(), source.readLong()));
    }

    private static Counted readCounted(int writtenVersion, DataInputView source)
            throws IOException {
        return writtenVersion == 1 ? Counted.STEPS : Counted.valueOf(source.readUTF());
    }

    private static void writeStrings(List<String> values, DataOutputView target)
            throws IOException {
        target.writeInt(values.size());
        for (String value : values) {
            target.writeUTF(value);
        }
    }

    private static List<String> readStrings(DataInputView source) throws IOException {
        int count = source.readInt();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(source.readUTF());
        }
        return values;
    }

    @Override
    public TypeSerializerSnapshot<TrainingTemplate> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<TrainingTemplate> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
