package io.rankstream.adapters.task;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Test-then-train score of one adapter: every example is predicted before it is trained on. Values
 * are never modified.
 *
 * @param <T> what the adapter's task learns
 */
public interface Score<T> {

    /** Examples that metrics of the newest ones look back on. */
    int WINDOW = 1000;

    /** What it is the score of. */
    Task<T> task();

    /** Examples scored. */
    long examples();

    /**
     * This score with one more batch.
     *
     * @param targets what was true
     * @param said what was said of each
     */
    Score<T> plus(List<T> targets, List<T> said);

    /**
     * As {@link #plus(List, List)}, where parts of the adapter would have said something of their
     * own. A score that does not tell parts apart passes over them.
     *
     * @param byParts what each part alone would have said of each, by its name
     */
    default Score<T> plus(List<T> targets, List<T> said, Map<String, List<T>> byParts) {
        return plus(targets, said);
    }

    /**
     * The score of this one's examples and then of {@code later}'s.
     *
     * @throws IllegalArgumentException if they are of adapters with other labels
     */
    Score<T> followedBy(Score<T> later);

    /** Examples seen of each label, retired ones included; none where the task has no labels. */
    long[] labelCounts();

    /** The same for so many labels, of which the new ones were never seen. */
    Score<T> withLabels(int labels);

    /** Whether it is that of an adapter with so many labels. */
    boolean fits(int labels);

    /**
     * What can be told by now, by name, in the order in which people want it: over all examples,
     * and as {@code recent…} over the newest {@value #WINDOW}. Every value is finite.
     */
    Map<String, Double> metrics();

    /** One of {@link #metrics}; empty where it cannot be told or is not this task's. */
    default OptionalDouble metric(String name) {
        Double value = metrics().get(name);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /**
     * A metric over the newest examples alone; empty where it cannot be told or is not this task's.
     *
     * @param name as in {@link #metrics}, without {@code recent}
     * @param newest how many, 1 to {@value #WINDOW}
     */
    OptionalDouble recent(String name, int newest);

    /**
     * What of its counts people want to see beside the metrics, by name.
     *
     * @param labels names of the adapter's labels
     */
    Map<String, Object> counts(List<String> labels);

    /** Everything in it, for {@link Task#score(ScoreFields)}. */
    ScoreFields fields();
}
