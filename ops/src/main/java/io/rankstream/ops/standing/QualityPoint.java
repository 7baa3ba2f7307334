package io.rankstream.ops.standing;

import io.rankstream.schemas.AdapterQuality;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * How good an adapter was on all inputs of a window, as it was estimated. What is not known is
 * empty.
 *
 * @param to stream time at which the window ends
 * @param accuracy the estimate
 * @param low lower end of its interval
 * @param high upper end of it
 * @param uniform share of right predictions among inputs that were drawn alike
 * @param naive the same among all that got a label: biased by what was selected
 * @param effectiveLabels labels of equal weight that would tell as much as the estimate
 */
public record QualityPoint(
        Instant to,
        OptionalDouble accuracy,
        OptionalDouble low,
        OptionalDouble high,
        OptionalDouble uniform,
        OptionalDouble naive,
        double effectiveLabels) {

    static QualityPoint of(AdapterQuality quality) {
        return new QualityPoint(
                quality.getTo(),
                Metrics.known(quality.getAccuracy()),
                Metrics.known(quality.getLow()),
                Metrics.known(quality.getHigh()),
                Metrics.known(quality.getUniformAccuracy()),
                Metrics.known(quality.getNaiveAccuracy()),
                quality.getEffectiveLabels());
    }
}
