package io.rankstream.adapters.task.classification;

import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.ScoreFields;
import io.rankstream.adapters.weights.Sizes;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * How many predictions of a classification were right. Arrays are never modified after
 * construction.
 *
 * @param examples examples scored
 * @param correct examples whose prediction was right
 * @param labelCounts examples seen of each label, retired ones included
 * @param window outcomes of the newest examples as a ring of {@value #WINDOW} bits; the outcome of
 *     example i (from 0) is bit i mod {@value #WINDOW}
 */
public record PrequentialScore(long examples, long correct, long[] labelCounts, long[] window)
        implements Score<Integer> {

    /** Metric: share of right predictions over all examples. */
    public static final String ACCURACY = "accuracy";

    /** Metric: the same over the newest {@value #WINDOW}. */
    public static final String RECENT_ACCURACY = "recentAccuracy";

    /** Metric: accuracy of always saying the label that turned out most frequent. */
    public static final String MAJORITY_ACCURACY = "majorityAccuracy";

    private static final int WINDOW_WORDS = (WINDOW + Long.SIZE - 1) / Long.SIZE;

    public PrequentialScore {
        Sizes.require("window of outcomes", window.length, WINDOW_WORDS);
    }

    /** A score of no example. */
    public static PrequentialScore empty(int labels) {
        return new PrequentialScore(0, 0, new long[labels], new long[WINDOW_WORDS]);
    }

    static PrequentialScore of(ScoreFields fields) {
        return new PrequentialScore(
                fields.number("examples"),
                fields.number("correct"),
                fields.numbers("labelCounts"),
                fields.numbers("window"));
    }

    @Override
    public Classification task() {
        return new Classification();
    }

    @Override
    public PrequentialScore plus(List<Integer> targets, List<Integer> said) {
        return plus(
                targets.stream().mapToInt(Integer::intValue).toArray(),
                said.stream().mapToInt(Integer::intValue).toArray());
    }

    /** This score with one more batch; {@code predicted[i]} was said of {@code labels[i]}. */
    public PrequentialScore plus(int[] labels, int[] predicted) {
        long[] counts = labelCounts.clone();
        long[] ring = window.clone();
        long seen = examples;
        long right = correct;
        for (int i = 0; i < labels.length; i++) {
            boolean hit = labels[i] == predicted[i];
            set(ring, seen, hit);
            counts[labels[i]]++;
            seen++;
            right += hit ? 1 : 0;
        }
        return new PrequentialScore(seen, right, counts, ring);
    }

    @Override
    public PrequentialScore followedBy(Score<Integer> later) {
        PrequentialScore more = (PrequentialScore) later;
        Sizes.require("counts of labels", more.labelCounts.length, labelCounts.length);
        long[] counts = labelCounts.clone();
        for (int i = 0; i < counts.length; i++) {
            counts[i] += more.labelCounts[i];
        }
        long[] ring = window.clone();
        long all = examples + more.examples;
        for (long back = Math.min(more.examples, WINDOW); back > 0; back--) {
            set(ring, all - back, more.isRight(more.examples - back));
        }
        return new PrequentialScore(all, correct + more.correct, counts, ring);
    }

    private boolean isRight(long example) {
        int slot = (int) (example % WINDOW);
        return (window[slot / Long.SIZE] >>> (slot % Long.SIZE) & 1) == 1;
    }

    private static void set(long[] ring, long example, boolean hit) {
        int slot = (int) (example % WINDOW);
        long bit = 1L << (slot % Long.SIZE);
        ring[slot / Long.SIZE] = hit ? ring[slot / Long.SIZE] | bit : ring[slot / Long.SIZE] & ~bit;
    }

    /** The same with counts for {@code labels} labels, of which the new ones were never seen. */
    @Override
    public PrequentialScore withLabels(int labels) {
        return new PrequentialScore(examples, correct, Arrays.copyOf(labelCounts, labels), window);
    }

    /** Share of right predictions over all examples; NaN without any. */
    public double accuracy() {
        return (double) correct / examples;
    }

    /** Share of right predictions over the newest {@value #WINDOW} examples; NaN without any. */
    public double recentAccuracy() {
        long hits = 0;
        for (long word : window) {
            hits += Long.bitCount(word);
        }
        return (double) hits / Math.min(examples, WINDOW);
    }

    /**
     * Share of right predictions over the newest {@code newest} examples, or all if there are
     * fewer; NaN without any.
     *
     * @param newest 1 to {@value #WINDOW}
     */
    public double recentAccuracy(int newest) {
        int count = (int) Math.min(examples, newest);
        int hits = 0;
        for (long example = examples - count; example < examples; example++) {
            hits += isRight(example) ? 1 : 0;
        }
        return (double) hits / count;
    }

    /** Examples of the label that turned out most frequent. */
    public long majority() {
        return Arrays.stream(labelCounts).max().orElse(0);
    }

    /** Accuracy of always saying the label that turned out most frequent; NaN without examples. */
    public double majorityAccuracy() {
        return (double) majority() / examples;
    }

    @Override
    public boolean fits(int labels) {
        return labelCounts.length == labels;
    }

    @Override
    public Map<String, Double> metrics() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (examples > 0) {
            metrics.put(ACCURACY, accuracy());
            metrics.put(RECENT_ACCURACY, recentAccuracy());
            metrics.put(MAJORITY_ACCURACY, majorityAccuracy());
        }
        return metrics;
    }

    @Override
    public OptionalDouble recent(String name, int newest) {
        return examples > 0 && name.equals(ACCURACY)
                ? OptionalDouble.of(recentAccuracy(newest))
                : OptionalDouble.empty();
    }

    /** Counts of labels by name: retired ones have counts too. */
    @Override
    public Map<String, Object> counts(List<String> labels) {
        Map<String, Object> counts = new LinkedHashMap<>();
        counts.put("correct", correct);
        Map<String, Long> byLabel = new LinkedHashMap<>();
        for (int i = 0; i < labels.size(); i++) {
            byLabel.put(labels.get(i), labelCounts[i]);
        }
        counts.put("labelCounts", byLabel);
        return counts;
    }

    @Override
    public ScoreFields fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("examples", examples);
        fields.put("correct", correct);
        fields.put("labelCounts", labelCounts);
        fields.put("window", window);
        return new ScoreFields(fields);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PrequentialScore that
                && examples == that.examples
                && correct == that.correct
                && Arrays.equals(labelCounts, that.labelCounts)
                && Arrays.equals(window, that.window);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                examples, correct, Arrays.hashCode(labelCounts), Arrays.hashCode(window));
    }
}
