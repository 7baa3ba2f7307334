package io.rankstream.adapters.task;

import java.util.List;
import java.util.OptionalDouble;

/**
 * A metric of a score that is watched while an adapter learns.
 *
 * @param metric its name as in {@link Score#metrics}, without {@code recent}
 * @param newest over how many of the newest examples, {@value Score#WINDOW} at most; 0 for all of
 *     the adapter's life
 * @param isMean whether it is a mean over examples, so that several adapters have one together
 * @param unit what it is measured in, in a word
 * @param meaning what it tells, in sentences
 */
public record WatchedMetric(
        String metric, int newest, boolean isMean, String unit, String meaning) {

    /** Those of all tasks; what tasks have in common is there once. */
    public static List<WatchedMetric> all() {
        return Tasks.ALL.stream().flatMap(task -> task.watched().stream()).distinct().toList();
    }

    /** Its name, as {@code accuracyLast50}; that of no other one. */
    public String name() {
        return newest == 0 ? metric : metric + "Last" + newest;
    }

    /** Its value; empty where it cannot be told or is another task's. */
    public OptionalDouble of(Score<?> score) {
        return newest == 0 ? score.metric(metric) : score.recent(metric, newest);
    }
}
