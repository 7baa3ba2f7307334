package io.rankstream.job.train.measure;

import io.rankstream.adapters.drift.AlarmLog;
import io.rankstream.adapters.drift.DriftStanding;
import io.rankstream.adapters.probe.Forgetting;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.training.ResidentAdapter;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is measured of the state of an adapter.
 *
 * @param meta its progress
 * @param liveTriplets those that the last mask kept
 * @param budget triplets that its schedule allowed
 * @param alarms alarms of drift in its life; NaN where nobody watches
 * @param alarmed the example that raised its last alarm of drift; empty without one, and where that
 *     was false
 * @param surpriseShare share of examples that are usually a surprise; NaN where that is not watched
 * @param retained what its probes told last; empty without any
 */
public record MeasuredState(
        AdapterMeta meta,
        int liveTriplets,
        int budget,
        double alarms,
        OptionalLong alarmed,
        double surpriseShare,
        Optional<Forgetting.Retained> retained) {

    /** That of an adapter on the device. */
    public static MeasuredState of(ResidentAdapter adapter) {
        return of(adapter.meta(), adapter.budget(), adapter.drift(), adapter.retained());
    }

    /** That of an adapter in parts. */
    public static MeasuredState of(
            AdapterMeta meta,
            BudgetState budget,
            Optional<DriftStanding> drift,
            Optional<Forgetting.Retained> retained) {
        return new MeasuredState(
                meta,
                budget.liveTriplets(),
                budget.budget(),
                drift.map(known -> (double) known.alarms().raised()).orElse(Double.NaN),
                drift.map(DriftStanding::alarms)
                        .filter(alarms -> alarms.verdict() != AlarmLog.Verdict.DISMISSED)
                        .flatMap(AlarmLog::last)
                        .map(alarm -> OptionalLong.of(alarm.example()))
                        .orElse(OptionalLong.empty()),
                drift.map(DriftStanding::usualShare).orElse(Double.NaN),
                retained);
    }

    /** Examples since the last alarm; NaN without one. */
    double examplesSinceAlarm() {
        return alarmed.isPresent() ? meta.score().examples() - alarmed.getAsLong() : Double.NaN;
    }
}
