package io.rankstream.job.fleet;

import io.rankstream.adapters.fleet.FleetNeed;
import io.rankstream.adapters.fleet.ImportanceHistogram;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Needs in state and between operators; of a histogram, the bins that are not empty. */
final class FleetNeeds {

    private FleetNeeds() {}

    static void write(FleetNeed need, DataOutputView target) throws IOException {
        target.writeLong(need.step());
        target.writeLong(need.examples());
        target.writeInt(need.initial());
        target.writeInt(need.target());
        target.writeBoolean(need.isPinned());
        double[] counts = need.importance().counts();
        int filled = 0;
        for (double count : counts) {
            filled += count == 0 ? 0 : 1;
        }
        target.writeShort(filled);
        for (int bin = 0; bin < counts.length; bin++) {
            if (counts[bin] != 0) {
                target.writeShort(bin);
                target.writeDouble(counts[bin]);
            }
        }
    }

    static FleetNeed read(DataInputView source) throws IOException {
        long step = source.readLong();
        long examples = source.readLong();
        int initial = source.readInt();
        int target = source.readInt();
        boolean isPinned = source.readBoolean();
        double[] counts = new double[ImportanceHistogram.BINS];
        int filled = source.readUnsignedShort();
        for (int i = 0; i < filled; i++) {
            int bin = source.readUnsignedShort();
            if (bin >= counts.length) {
                throw new IOException(
                        "a histogram has a bin %d, expected 0 to %d"
                                .formatted(bin, counts.length - 1));
            }
            counts[bin] = source.readDouble();
        }
        return new FleetNeed(
                step, examples, new ImportanceHistogram(counts), initial, target, isPinned);
    }
}
