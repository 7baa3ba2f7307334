package io.rankstream.adapters.snapshot;

import io.rankstream.adapters.drift.AlarmLog;
import io.rankstream.adapters.drift.DriftAlarm;
import io.rankstream.adapters.drift.DriftState;
import io.rankstream.adapters.drift.RecentState;
import io.rankstream.adapters.drift.detector.DetectorState;
import io.rankstream.adapters.state.Finite;
import io.rankstream.adapters.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What is known of changes, in a snapshot: all but the vectors of the newest examples stands in the
 * document.
 *
 * @param examples examples that it was told of
 * @param detector what is known of surprises
 * @param lossQuantile logarithm of the loss that is usually not exceeded; none before the first
 *     loss
 * @param alarms how many there were
 * @param dismissed how many of them were called false
 * @param last the newest; none before the first
 * @param verdict what was said of it
 * @param rows labels of the newest examples
 * @param changed how many of them are of after the change
 * @param left examples during which they are still relearned
 * @param next which of them is relearned next
 */
record DriftPart(
        long examples,
        DetectorState detector,
        List<Double> lossQuantile,
        long alarms,
        long dismissed,
        List<DriftAlarm> last,
        AlarmLog.Verdict verdict,
        int[] rows,
        int changed,
        int left,
        int next) {

    DriftPart {
        lossQuantile = List.copyOf(lossQuantile);
        last = List.copyOf(last);
    }

    private static final String VECTORS = "newest_vectors";

    static DriftPart of(DriftState drift) {
        RecentState recent = drift.recent();
        AlarmLog alarms = drift.alarms();
        double quantile = drift.lossQuantile();
        return new DriftPart(
                drift.examples(),
                drift.detector(),
                Double.isNaN(quantile) ? List.of() : List.of(quantile),
                alarms.raised(),
                alarms.dismissed(),
                alarms.last().stream().toList(),
                alarms.verdict(),
                recent.rows(),
                recent.changed(),
                recent.left(),
                recent.next());
    }

    /** Writes the tensor. */
    static void put(SafetensorsWriter writer, DriftState drift) {
        RecentState recent = drift.recent();
        Finite.require(recent.vectors(), VECTORS);
        writer.put(VECTORS, new int[] {recent.rows().length, recent.features()}, recent.vectors());
    }

    /**
     * Reads the tensor.
     *
     * @param features of a vector
     */
    DriftState read(int features, AdapterSnapshot.Tensors tensors) throws IOException {
        int width = rows.length == 0 ? 0 : features;
        return new DriftState(
                examples,
                detector,
                lossQuantile.isEmpty() ? Double.NaN : lossQuantile.get(0),
                new AlarmLog(
                        alarms,
                        dismissed,
                        last.isEmpty() ? Optional.empty() : Optional.of(last.get(0)),
                        verdict),
                new RecentState(
                        tensors.take(VECTORS, rows.length, width), rows, changed, left, next));
    }
}
