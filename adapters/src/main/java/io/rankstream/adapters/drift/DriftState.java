package io.rankstream.adapters.drift;

import io.rankstream.adapters.drift.detector.ChangeDetector;
import io.rankstream.adapters.drift.detector.DetectorKind;
import io.rankstream.adapters.drift.detector.DetectorState;
import io.rankstream.adapters.drift.input.InputState;
import io.rankstream.adapters.weights.Sizes;
import java.util.Optional;

/**
 * A {@link DriftWatch} as a value: a part of an adapter's state.
 *
 * @param examples examples that its adapter has learned from
 * @param detector what is known of surprises
 * @param lossQuantile logarithm of the loss that is usually not exceeded; NaN before the first loss
 * @param alarms the alarms
 * @param recent the newest examples, for an answer
 * @param inputs what is known of inputs; empty where they are not watched
 */
public record DriftState(
        long examples,
        DetectorState detector,
        double lossQuantile,
        AlarmLog alarms,
        RecentState recent,
        Optional<InputState> inputs) {

    public DriftState {
        if (examples < alarms.last().map(DriftAlarm::example).orElse(0L)
                || examples < detector.seen() - ChangeDetector.WARM_UP
                || Double.isInfinite(lossQuantile)) {
            throw new IllegalArgumentException(
                    "a watch over %d examples has an alarm of %s and a usual loss of %s"
                            .formatted(examples, alarms.last(), lossQuantile));
        }
    }

    /** One that was told of nothing yet, of an adapter that has learned from so many examples. */
    public static DriftState after(long examples) {
        return new DriftState(
                examples,
                DetectorKind.CUSUM.empty(),
                Double.NaN,
                AlarmLog.EMPTY,
                RecentState.EMPTY,
                Optional.empty());
    }

    /**
     * The same as settings have it: another detector begins anew, newest examples are kept for an
     * answer alone, and inputs are watched or not.
     */
    public DriftState under(DriftSettings settings) {
        return new DriftState(
                examples,
                detector.kind() == settings.detector() ? detector : settings.detector().empty(),
                lossQuantile,
                alarms,
                settings.mode() == DriftMode.ANSWER ? recent : RecentState.EMPTY,
                settings.inputs()
                        ? Optional.of(inputs.orElseGet(InputState::empty))
                        : Optional.empty());
    }

    /**
     * Requires that it can be of an adapter.
     *
     * @param labels rows of its labels
     * @param features of what its head reads
     * @throws IllegalArgumentException if it cannot
     */
    public void requireFit(int labels, int features) {
        if (recent.rows().length > 0) {
            Sizes.require("newest example", recent.features(), features);
        }
        inputs.filter(known -> known.vectors() > 0)
                .ifPresent(
                        known -> Sizes.require("mean of inputs", known.newest().length, features));
        for (int row : recent.rows()) {
            if (row < 0 || row >= labels) {
                throw new IllegalArgumentException(
                        "a newest example has the label of row %d of %d".formatted(row, labels));
            }
        }
    }

    /** What was found so far. */
    public DriftStanding standing() {
        return DriftStanding.of(alarms, detector);
    }
}
