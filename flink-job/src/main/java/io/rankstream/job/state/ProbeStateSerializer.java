package io.rankstream.job.state;

import io.rankstream.adapters.probe.Probe;
import io.rankstream.adapters.probe.ProbePeriod;
import io.rankstream.adapters.probe.ProbeState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Keyed state {@code probes}: period after period, as a block with its checksum. An adapter that
 * learns from all its examples has none.
 */
public final class ProbeStateSerializer extends ValueSerializer<ProbeState> {

    /** The serializer; it has no state. */
    public static final ProbeStateSerializer INSTANCE = new ProbeStateSerializer();

    private static final int FORMAT = 2;

    private ProbeStateSerializer() {
        super(FORMAT);
    }

    @Override
    protected void write(ProbeState value, DataOutputView target) throws IOException {
        DataOutputSerializer block = new DataOutputSerializer(4096);
        block.writeLong(value.withheld());
        block.writeInt(value.periods().size());
        for (ProbePeriod period : value.periods()) {
            block.writeLong(period.first());
            block.writeLong(period.last());
            block.writeInt(period.probes().size());
            for (Probe probe : period.probes()) {
                write(probe, block);
            }
        }
        ByteBlock.write(block.getCopyOfBuffer(), target);
    }

    private static void write(Probe probe, DataOutputView block) throws IOException {
        block.writeLong(probe.draw());
        EncodedTokens.write(probe.tokens(), block);
        Targets.write(probe.target(), block);
        block.writeBoolean(probe.answers().isPresent());
        if (probe.answers().isPresent()) {
            block.writeDouble(probe.answers().get().then());
            block.writeDouble(probe.answers().get().now());
        }
    }

    @Override
    protected ProbeState read(int writtenVersion, DataInputView source) throws IOException {
        DataInputView block = new DataInputDeserializer(ByteBlock.read("probes", source));
        long withheld = block.readLong();
        int periods = block.readInt();
        List<ProbePeriod> read = new ArrayList<>();
        for (int i = 0; i < periods; i++) {
            read.add(
                    new ProbePeriod(
                            block.readLong(),
                            block.readLong(),
                            readProbes(block.readInt(), writtenVersion >= 2, block)));
        }
        return new ProbeState(withheld, read);
    }

    private static List<Probe> readProbes(int count, boolean knowsPassages, DataInputView block)
            throws IOException {
        List<Probe> probes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            probes.add(
                    new Probe(
                            block.readLong(),
                            EncodedTokens.read(true, true, knowsPassages, block),
                            Targets.read(true, block),
                            block.readBoolean()
                                    ? Optional.of(
                                            new Probe.Answers(
                                                    block.readDouble(), block.readDouble()))
                                    : Optional.empty()));
        }
        return probes;
    }

    @Override
    public TypeSerializerSnapshot<ProbeState> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Snapshot of this serializer. */
    public static final class Snapshot extends ValueSerializerSnapshot<ProbeState> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
