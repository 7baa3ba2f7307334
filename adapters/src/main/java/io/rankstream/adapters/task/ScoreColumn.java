package io.rankstream.adapters.task;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * A metric as a column of the tables in which people compare adapters of one task.
 *
 * @param header what stands above it, that of no other column of its task
 * @param metric its name as in {@link Score#metrics}
 * @param isRoot whether its root is shown: an error that is squared, in the unit of what is learned
 * @param dispensable how soon it goes where a line has no room, from 0, which stays, to {@value
 *     #ONLY_AT_LENGTH}, which is in long tables alone
 */
public record ScoreColumn(String header, String metric, boolean isRoot, int dispensable) {

    /** Of a column that short tables never have. */
    public static final int ONLY_AT_LENGTH = 11;

    /** A metric as it is. */
    public ScoreColumn(String header, String metric, int dispensable) {
        this(header, metric, false, dispensable);
    }

    /** Whether short tables have it, where there is room. */
    public boolean isBrief() {
        return dispensable < ONLY_AT_LENGTH;
    }

    /** What is shown of an adapter with these metrics; empty where it cannot be told. */
    public OptionalDouble of(Map<String, Double> metrics) {
        Double value = metrics.get(metric);
        if (value == null || value.isNaN()) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(isRoot ? Math.sqrt(value) : value);
    }
}
