package io.rankstream.ops.standing;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How one adapter does, as far as was looked.
 *
 * @param id its id
 * @param examples examples that it was trained on; 0 if it was only refused some
 * @param accuracy share of right predictions over all its examples; empty where its task has none
 * @param recentAccuracy share of right predictions over its newest ones
 * @param recentExamples how many those are, at most {@link Standing#RECENT}
 * @param majority accuracy of always saying its most frequent label
 * @param loss mean loss of the newest ones
 * @param version newest published version; 0 when there is none
 * @param budget rank budget over all modules; 0 when it is not known
 * @param refused its dead letters
 * @param refusedLately those of the last hour
 * @param rate examples a second over the last minute
 * @param steps optimizer steps
 * @param paused whether a command has paused it, so that what comes for it is held
 * @param alarms alarms of drift in its life
 * @param alarm its newest alarm of drift that nobody has called false
 * @param metrics how good it is by the metrics of its task, by name; empty where not known
 * @param loop how it does on inputs without a label; empty where none came
 */
public record AdapterLine(
        String id,
        long examples,
        OptionalDouble accuracy,
        OptionalDouble recentAccuracy,
        int recentExamples,
        OptionalDouble majority,
        OptionalDouble loss,
        long version,
        int budget,
        long refused,
        long refusedLately,
        double rate,
        long steps,
        boolean paused,
        long alarms,
        Optional<Drift> alarm,
        Map<String, Double> metrics,
        Optional<LoopLine> loop) {

    /** Whether it has learned, published or been refused something. */
    public boolean isLearner() {
        return examples > 0 || steps > 0 || version > 0 || refused > 0 || paused;
    }

    /** Examples since its newest alarm; empty without one. */
    public OptionalLong examplesSinceAlarm() {
        return alarm.isPresent()
                ? OptionalLong.of(Math.max(0, examples - alarm.get().example()))
                : OptionalLong.empty();
    }

    /** Its metrics, those among them that reports have in fields of their own. */
    public Map<String, Double> scores() {
        return Metrics.with(metrics, accuracy, OptionalDouble.empty(), majority);
    }
}
