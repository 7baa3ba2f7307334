package io.rankstream.adapters.task.classification;

import io.rankstream.adapters.task.Outcomes;
import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.ScoreFields;
import io.rankstream.adapters.weights.Sizes;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * How many predictions of a classification were right, and which labels were said of which. Arrays
 * are never modified after construction.
 *
 * <p>Scores of earlier releases do not know what was said. Such a score goes on with a confusion
 * that began later: its F1 and Matthews correlation are told over the newest examples as soon as
 * the confusion has seen these, and never over all.
 *
 * @param examples examples scored
 * @param correct examples whose prediction was right
 * @param labelCounts examples seen of each label, retired ones included
 * @param window outcomes of the newest examples as a ring of {@value #WINDOW} bits; the outcome of
 *     example i (from 0) is bit i mod {@value #WINDOW}
 * @param parts outcomes of what parts of the adapter alone would have said, by the part's name;
 *     none of an adapter without a mixture
 * @param confusion which labels were said of the newest examples, of all where it has seen as many
 */
public record PrequentialScore(
        long examples,
        long correct,
        long[] labelCounts,
        long[] window,
        SortedMap<String, Outcomes> parts,
        Confusion confusion)
        implements Score<Integer> {

    /** Part: what the published files of an adapter say, in which there are no words. */
    public static final String EXPORTED = "exported";

    /** Part: the words alone, which know nothing of the base model. */
    public static final String WORDS = "words";

    /** Metric: share of right predictions over all examples. */
    public static final String ACCURACY = "accuracy";

    /** Metric: the same over the newest {@value #WINDOW}. */
    public static final String RECENT_ACCURACY = "recentAccuracy";

    /** Metric: accuracy of always saying the label that turned out most frequent. */
    public static final String MAJORITY_ACCURACY = "majorityAccuracy";

    /**
     * Metric: mean of the F1 of the labels that occurred or were said, over all examples. Retired
     * labels count among them.
     */
    public static final String MACRO_F1 = "macroF1";

    /** Metric: the same over the newest {@value #WINDOW}. */
    public static final String RECENT_MACRO_F1 = "recentMacroF1";

    /** Metric: F1 of the second of two labels, over all examples. */
    public static final String F1 = "f1";

    /** Metric: the same over the newest {@value #WINDOW}. */
    public static final String RECENT_F1 = "recentF1";

    /** Metric: Matthews correlation of what was said with what was true, over all examples. */
    public static final String MATTHEWS = "matthews";

    /** Metric: the same over the newest {@value #WINDOW}. */
    public static final String RECENT_MATTHEWS = "recentMatthews";

    /** Metric: share of right predictions of {@link #EXPORTED} over all examples. */
    public static final String EXPORTED_ACCURACY = EXPORTED + "Accuracy";

    /** Metric: the same of {@link #WORDS}. */
    public static final String WORDS_ACCURACY = WORDS + "Accuracy";

    private static final long MOST_EXAMPLES = 1L << 62;
    private static final String EXAMPLES = ".examples";
    private static final String CORRECT = ".correct";
    private static final String NEWEST = ".window";

    public PrequentialScore {
        Sizes.require("window of outcomes", window.length, Outcomes.NONE.newest().length);
        Sizes.require("labels said", confusion.said().length, labelCounts.length);
        parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
    }

    /** One of an adapter without parts, of which it is not known what was said. */
    public PrequentialScore(long examples, long correct, long[] labelCounts, long[] window) {
        this(
                examples,
                correct,
                labelCounts,
                window,
                Collections.emptySortedMap(),
                Confusion.none(labelCounts.length));
    }

    /** A score of no example. */
    public static PrequentialScore empty(int labels) {
        return of(
                Outcomes.NONE,
                new long[labels],
                Collections.emptySortedMap(),
                Confusion.none(labels));
    }

    static PrequentialScore of(ScoreFields fields) {
        SortedMap<String, Outcomes> parts = new TreeMap<>();
        for (String part : List.of(EXPORTED, WORDS)) {
            if (fields.values().containsKey(part + EXAMPLES)) {
                parts.put(
                        part,
                        new Outcomes(
                                fields.number(part + EXAMPLES),
                                fields.number(part + CORRECT),
                                fields.numbers(part + NEWEST)));
            }
        }
        parts.forEach(PrequentialScore::requireSound);
        long[] labelCounts = fields.numbers("labelCounts");
        return new PrequentialScore(
                fields.number("examples"),
                fields.number("correct"),
                labelCounts,
                fields.numbers("window"),
                parts,
                Confusion.of(fields, labelCounts));
    }

    private static void requireSound(String part, Outcomes outcomes) {
        if (outcomes.right() < 0
                || outcomes.right() > outcomes.examples()
                || outcomes.examples() > MOST_EXAMPLES) {
            throw new IllegalArgumentException(
                    "%d of %d predictions of the score's %s are right, which cannot be"
                            .formatted(outcomes.right(), outcomes.examples(), part));
        }
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
        Outcomes outcomes = outcomes();
        for (int i = 0; i < labels.length; i++) {
            outcomes = outcomes.plus(labels[i] == predicted[i]);
            counts[labels[i]]++;
        }
        return of(outcomes, counts, parts, confusion.plus(labels, predicted));
    }

    @Override
    public PrequentialScore plus(
            List<Integer> targets, List<Integer> said, Map<String, List<Integer>> byParts) {
        PrequentialScore whole = plus(targets, said);
        SortedMap<String, Outcomes> after = new TreeMap<>();
        byParts.forEach(
                (part, ofPart) -> {
                    Outcomes outcomes = parts.getOrDefault(part, Outcomes.NONE);
                    for (int i = 0; i < targets.size(); i++) {
                        outcomes = outcomes.plus(targets.get(i).equals(ofPart.get(i)));
                    }
                    after.put(part, outcomes);
                });
        return of(whole.outcomes(), whole.labelCounts, after, whole.confusion);
    }

    @Override
    public PrequentialScore followedBy(Score<Integer> later) {
        PrequentialScore more = (PrequentialScore) later;
        Sizes.require("counts of labels", more.labelCounts.length, labelCounts.length);
        long[] counts = labelCounts.clone();
        for (int i = 0; i < counts.length; i++) {
            counts[i] += more.labelCounts[i];
        }
        SortedMap<String, Outcomes> both = new TreeMap<>(parts);
        more.parts.forEach((part, outcomes) -> both.merge(part, outcomes, Outcomes::followedBy));
        return of(
                outcomes().followedBy(more.outcomes()),
                counts,
                both,
                more.isConfusionOfAll() ? confusion.followedBy(more.confusion) : more.confusion);
    }

    private static PrequentialScore of(
            Outcomes outcomes,
            long[] counts,
            SortedMap<String, Outcomes> parts,
            Confusion confusion) {
        return new PrequentialScore(
                outcomes.examples(), outcomes.right(), counts, outcomes.newest(), parts, confusion);
    }

    private boolean isConfusionOfAll() {
        return confusion.examples() == examples;
    }

    private Outcomes outcomes() {
        return new Outcomes(examples, correct, window);
    }

    /** The same with counts for {@code labels} labels, of which the new ones were never seen. */
    @Override
    public PrequentialScore withLabels(int labels) {
        return new PrequentialScore(
                examples,
                correct,
                Arrays.copyOf(labelCounts, labels),
                window,
                parts,
                confusion.withLabels(labels));
    }

    /** Share of right predictions over all examples; NaN without any. */
    public double accuracy() {
        return (double) correct / examples;
    }

    /** Share of right predictions over the newest {@value #WINDOW} examples; NaN without any. */
    public double recentAccuracy() {
        return outcomes().recentShare();
    }

    /**
     * Share of right predictions over the newest {@code newest} examples, or all if there are
     * fewer; NaN without any.
     *
     * @param newest 1 to {@value #WINDOW}
     */
    public double recentAccuracy(int newest) {
        return outcomes().recentShare(newest);
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
        Optional<LabelCounts> all = counts();
        Optional<LabelCounts> newest = counts(WINDOW);
        put(metrics, MACRO_F1, all, LabelCounts::macroF1);
        put(metrics, RECENT_MACRO_F1, newest, LabelCounts::macroF1);
        put(metrics, F1, all, LabelCounts::f1);
        put(metrics, RECENT_F1, newest, LabelCounts::f1);
        put(metrics, MATTHEWS, all, LabelCounts::matthews);
        put(metrics, RECENT_MATTHEWS, newest, LabelCounts::matthews);
        parts.forEach(
                (part, outcomes) -> {
                    metrics.put(part + "Accuracy", outcomes.share());
                    metrics.put(recent(part), outcomes.recentShare());
                });
        return metrics;
    }

    private static void put(
            Map<String, Double> metrics,
            String name,
            Optional<LabelCounts> counts,
            Function<LabelCounts, OptionalDouble> metric) {
        counts.map(metric)
                .filter(OptionalDouble::isPresent)
                .ifPresent(value -> metrics.put(name, value.getAsDouble()));
    }

    /** Counts over all examples; empty where it is not known what was said of some. */
    private Optional<LabelCounts> counts() {
        return isConfusionOfAll()
                ? Optional.of(new LabelCounts(labelCounts, confusion.said(), confusion.right()))
                : Optional.empty();
    }

    /** The same over the newest {@code newest}. */
    private Optional<LabelCounts> counts(int newest) {
        int asked = (int) Math.min(examples, newest);
        return asked <= confusion.newest().kept()
                ? Optional.of(confusion.newest().counts(asked))
                : Optional.empty();
    }

    @Override
    public OptionalDouble recent(String name, int newest) {
        return switch (name) {
            case ACCURACY ->
                    examples > 0
                            ? OptionalDouble.of(recentAccuracy(newest))
                            : OptionalDouble.empty();
            case MACRO_F1 -> recent(newest, LabelCounts::macroF1);
            case F1 -> recent(newest, LabelCounts::f1);
            case MATTHEWS -> recent(newest, LabelCounts::matthews);
            default -> recentOfParts(name, newest);
        };
    }

    private OptionalDouble recent(int newest, Function<LabelCounts, OptionalDouble> metric) {
        return counts(newest).map(metric).orElse(OptionalDouble.empty());
    }

    private OptionalDouble recentOfParts(String name, int newest) {
        return parts.entrySet().stream()
                .filter(part -> name.equals(part.getKey() + "Accuracy"))
                .mapToDouble(part -> part.getValue().recentShare(newest))
                .findFirst();
    }

    private static String recent(String part) {
        return "recent" + Character.toUpperCase(part.charAt(0)) + part.substring(1) + "Accuracy";
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
        parts.forEach(
                (part, outcomes) -> {
                    fields.put(part + EXAMPLES, outcomes.examples());
                    fields.put(part + CORRECT, outcomes.right());
                    fields.put(part + NEWEST, outcomes.newest());
                });
        confusion.putFields(fields);
        return new ScoreFields(fields);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PrequentialScore that
                && examples == that.examples
                && correct == that.correct
                && Arrays.equals(labelCounts, that.labelCounts)
                && Arrays.equals(window, that.window)
                && parts.equals(that.parts)
                && confusion.equals(that.confusion);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                examples,
                correct,
                Arrays.hashCode(labelCounts),
                Arrays.hashCode(window),
                parts,
                confusion);
    }
}
