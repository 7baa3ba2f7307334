package io.rankstream.adapters.snapshot;

import io.rankstream.adapters.drift.AlarmLog;
import io.rankstream.adapters.drift.DriftAlarm;
import io.rankstream.adapters.drift.DriftState;
import io.rankstream.adapters.drift.RecentState;
import io.rankstream.adapters.drift.detector.CusumState;
import io.rankstream.adapters.drift.detector.DetectorKind;
import io.rankstream.adapters.drift.detector.DetectorState;
import io.rankstream.adapters.drift.input.InputState;
import io.rankstream.adapters.state.Finite;
import io.rankstream.adapters.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.util.Arrays;
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
 * @param inputs what is known of inputs, but the means; none where they are not watched. From
 *     format 7 on, since nobody watched them before
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
        int next,
        List<Inputs> inputs) {

    DriftPart {
        lossQuantile = List.copyOf(lossQuantile);
        last = List.copyOf(last);
        inputs = List.copyOf(inputs);
    }

    private static final String VECTORS = "newest_vectors";
    private static final String INPUT_MEANS = "input_means";

    /**
     * What is known of inputs.
     *
     * @param inputs how many were watched
     * @param doubt logarithm of the loss of certainty that is usually not exceeded; none before the
     *     first
     * @param confidence what is known of how often it is exceeded
     * @param vectors how many the means are of
     * @param embedding what is known of how often a vector is nearer to the newest mean
     */
    record Inputs(
            long inputs,
            List<Double> doubt,
            CusumState confidence,
            long vectors,
            CusumState embedding) {

        static Inputs of(InputState state) {
            return new Inputs(
                    state.inputs(),
                    numbers(state.doubt()),
                    state.confidence(),
                    state.vectors(),
                    state.embedding());
        }

        InputState read(int features, AdapterSnapshot.Tensors tensors) throws IOException {
            int width = vectors == 0 ? 0 : features;
            float[] means = tensors.take(INPUT_MEANS, 2, width);
            return new InputState(
                    inputs,
                    number(doubt),
                    confidence,
                    vectors,
                    Arrays.copyOf(means, width),
                    Arrays.copyOfRange(means, width, 2 * width),
                    embedding);
        }
    }

    static DriftPart of(DriftState drift) {
        RecentState recent = drift.recent();
        AlarmLog alarms = drift.alarms();
        return new DriftPart(
                drift.examples(),
                drift.detector(),
                numbers(drift.lossQuantile()),
                alarms.raised(),
                alarms.dismissed(),
                alarms.last().stream().toList(),
                alarms.verdict(),
                recent.rows(),
                recent.changed(),
                recent.left(),
                recent.next(),
                drift.inputs().map(Inputs::of).stream().toList());
    }

    private static List<Double> numbers(double value) {
        return Double.isNaN(value) ? List.of() : List.of(value);
    }

    private static double number(List<Double> values) {
        return values.isEmpty() ? Double.NaN : values.get(0);
    }

    /** Whether a release reads it that knows bets on errors alone. */
    boolean isBetsAlone() {
        return detector.kind() == DetectorKind.CUSUM && inputs.isEmpty();
    }

    /** Writes the tensors. */
    static void put(SafetensorsWriter writer, DriftState drift) {
        RecentState recent = drift.recent();
        Finite.require(recent.vectors(), VECTORS);
        writer.put(VECTORS, new int[] {recent.rows().length, recent.features()}, recent.vectors());
        drift.inputs().ifPresent(inputs -> put(writer, inputs));
    }

    private static void put(SafetensorsWriter writer, InputState inputs) {
        int width = inputs.newest().length;
        float[] means = Arrays.copyOf(inputs.newest(), 2 * width);
        System.arraycopy(inputs.older(), 0, means, width, width);
        Finite.require(means, INPUT_MEANS);
        writer.put(INPUT_MEANS, new int[] {2, width}, means);
    }

    /**
     * Reads the tensors.
     *
     * @param features of a vector
     */
    DriftState read(int features, AdapterSnapshot.Tensors tensors) throws IOException {
        int width = rows.length == 0 ? 0 : features;
        return new DriftState(
                examples,
                detector,
                number(lossQuantile),
                new AlarmLog(
                        alarms,
                        dismissed,
                        last.isEmpty() ? Optional.empty() : Optional.of(last.get(0)),
                        verdict),
                new RecentState(
                        tensors.take(VECTORS, rows.length, width), rows, changed, left, next),
                inputs.isEmpty()
                        ? Optional.empty()
                        : Optional.of(inputs.get(0).read(features, tensors)));
    }
}
